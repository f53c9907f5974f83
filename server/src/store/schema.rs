//! The tables as diesel sees them: the same on SQLite and PostgreSQL. Times are
//! milliseconds since the epoch, UTC.

diesel::table! {
    person (id) {
        id -> BigInt,
        public_id -> Text,
        login -> Text,
        name -> Text,
        email -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        admin -> Bool,
        created_at -> BigInt,
        disabled_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    team (id) {
        id -> BigInt,
        public_id -> Text,
        name -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    member (team_id, person_id) {
        team_id -> BigInt,
        person_id -> BigInt,
    }
}

diesel::table! {
    session (id) {
        id -> BigInt,
        hash -> Text,
        person_id -> BigInt,
        csrf -> Text,
        agent -> Text,
        created_at -> BigInt,
        seen_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    audit (id) {
        id -> BigInt,
        at -> BigInt,
        actor -> Text,
        action -> Text,
        subject -> Text,
        detail -> Text,
    }
}

diesel::table! {
    project (id) {
        id -> BigInt,
        public_id -> Text,
        team_id -> BigInt,
        name -> Text,
        description -> Text,
        supplier -> Nullable<Text>,
        default_release_id -> Nullable<BigInt>,
        created_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    release (id) {
        id -> BigInt,
        public_id -> Text,
        project_id -> BigInt,
        name -> Text,
        active -> Bool,
        expires_at -> Nullable<BigInt>,
        created_at -> BigInt,
        uploaded_at -> Nullable<BigInt>,
        components -> BigInt,
        malicious -> BigInt,
        critical -> BigInt,
        high -> BigInt,
        medium -> BigInt,
        low -> BigInt,
        unknown -> BigInt,
    }
}

diesel::table! {
    token (id) {
        id -> BigInt,
        public_id -> Text,
        hash -> Text,
        name -> Text,
        scope -> Text,
        team_id -> BigInt,
        project_id -> Nullable<BigInt>,
        created_by -> Nullable<BigInt>,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    slot (id) {
        id -> BigInt,
        public_id -> Text,
        release_id -> BigInt,
        name -> Text,
        fingerprint -> Nullable<Binary>,
        document_id -> Nullable<BigInt>,
        upload_id -> Nullable<BigInt>,
        committed_at -> BigInt,
        started_at -> BigInt,
        named_at -> BigInt,
        closed_at -> Nullable<BigInt>,
        components -> BigInt,
        malicious -> BigInt,
        critical -> BigInt,
        high -> BigInt,
        medium -> BigInt,
        low -> BigInt,
        unknown -> BigInt,
    }
}

diesel::table! {
    run (id) {
        id -> BigInt,
        public_id -> Text,
        release_id -> BigInt,
        key -> Text,
        provider -> Text,
        external_id -> Text,
        attempt -> BigInt,
        url -> Nullable<Text>,
        commit_id -> Nullable<Text>,
        branch -> Nullable<Text>,
        committed_at -> Nullable<BigInt>,
        started_at -> Nullable<BigInt>,
        pull_request -> Nullable<Text>,
        runner -> Nullable<Text>,
        actor -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    document (id) {
        id -> BigInt,
        public_id -> Text,
        slot_id -> BigInt,
        sha256 -> Binary,
        size -> BigInt,
        base_id -> Nullable<BigInt>,
        depth -> SmallInt,
        body -> Binary,
        format -> Text,
        fingerprint -> Binary,
        components -> BigInt,
        warnings -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    upload (id) {
        id -> BigInt,
        public_id -> Text,
        slot_id -> BigInt,
        run_id -> BigInt,
        document_id -> Nullable<BigInt>,
        state -> SmallInt,
        committed_at -> BigInt,
        started_at -> BigInt,
        received_at -> BigInt,
        components -> BigInt,
        added -> BigInt,
        removed -> BigInt,
        token_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    registry (id) {
        id -> BigInt,
        public_id -> Text,
        ecosystem -> SmallInt,
        address -> Text,
        protocol -> Nullable<Text>,
        resolve -> SmallInt,
        contact -> SmallInt,
        believe -> SmallInt,
        proposed_by -> Text,
        proposed_at -> BigInt,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    endpoint (registry_id, name) {
        registry_id -> BigInt,
        name -> Text,
        address -> Text,
        pace -> Nullable<BigInt>,
    }
}

diesel::table! {
    origin (id) {
        id -> BigInt,
        kind -> SmallInt,
        ecosystem -> SmallInt,
        address -> Text,
        registry_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    package (id) {
        id -> BigInt,
        ecosystem -> SmallInt,
        name -> Text,
    }
}

diesel::table! {
    component (id) {
        id -> BigInt,
        package_id -> BigInt,
        version -> Text,
        qualifiers -> Text,
        origin_id -> BigInt,
    }
}

diesel::table! {
    held (slot_id, component_id) {
        slot_id -> BigInt,
        component_id -> BigInt,
        since -> BigInt,
        flags -> SmallInt,
    }
}

diesel::table! {
    held_before (component_id, slot_id, since) {
        component_id -> BigInt,
        slot_id -> BigInt,
        since -> BigInt,
        until -> BigInt,
        flags -> SmallInt,
    }
}

diesel::table! {
    held_once (component_id, slot_id, upload_id) {
        component_id -> BigInt,
        slot_id -> BigInt,
        upload_id -> BigInt,
        flags -> SmallInt,
    }
}

diesel::table! {
    team_package (team_id, package_id) {
        team_id -> BigInt,
        package_id -> BigInt,
    }
}

diesel::table! {
    problem (id) {
        id -> BigInt,
        public_id -> Text,
        name -> Text,
        severity -> SmallInt,
        merged_into -> Nullable<BigInt>,
        created_at -> BigInt,
        exploited_at -> Nullable<BigInt>,
        likelihood -> Nullable<BigInt>,
    }
}

diesel::table! {
    alias (name) {
        name -> Text,
        problem_id -> BigInt,
    }
}

diesel::table! {
    advisory (id) {
        id -> BigInt,
        name -> Text,
        problem_id -> BigInt,
        feed -> Text,
        modified_at -> BigInt,
        published_at -> Nullable<BigInt>,
        withdrawn_at -> Nullable<BigInt>,
        severity -> SmallInt,
        summary -> Text,
        sha256 -> Binary,
        stored_at -> BigInt,
    }
}

diesel::table! {
    advisory_body (advisory_id) {
        advisory_id -> BigInt,
        body -> Binary,
    }
}

diesel::table! {
    covered (ecosystem) {
        ecosystem -> SmallInt,
    }
}

diesel::table! {
    affected (package_id, advisory_id, ordinal) {
        package_id -> BigInt,
        advisory_id -> BigInt,
        ordinal -> SmallInt,
        release -> Text,
        versions -> Text,
    }
}

diesel::table! {
    matched (component_id, problem_id) {
        problem_id -> BigInt,
        component_id -> BigInt,
        advisory_id -> BigInt,
        answer -> SmallInt,
        fixed -> Text,
        since_at -> BigInt,
        gone_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    triage (id) {
        id -> BigInt,
        public_id -> Text,
        problem_id -> BigInt,
        project_id -> Nullable<BigInt>,
        package_id -> Nullable<BigInt>,
        status -> Text,
        justification -> Nullable<Text>,
        detail -> Text,
        until_at -> Nullable<BigInt>,
        decided_by -> Text,
        decided_at -> BigInt,
        replaced_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    rematch (id) {
        id -> BigInt,
        package_id -> Nullable<BigInt>,
        first_component -> Nullable<BigInt>,
        last_component -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    recount (id) {
        id -> BigInt,
        component_id -> BigInt,
    }
}

diesel::table! {
    schedule (name) {
        name -> Text,
        rhythm -> Text,
        next_at -> BigInt,
        last_at -> Nullable<BigInt>,
        took -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
        failures -> BigInt,
        about -> Text,
    }
}

diesel::table! {
    lease (name) {
        name -> Text,
        holder -> Text,
        fence -> BigInt,
        until_at -> BigInt,
    }
}

diesel::table! {
    feed (id) {
        id -> BigInt,
        name -> Text,
        kind -> Text,
        location -> Text,
        etag -> Nullable<Text>,
        last_modified -> Nullable<Text>,
        fetched_at -> Nullable<BigInt>,
        changed_at -> Nullable<BigInt>,
        records -> BigInt,
        refused -> BigInt,
        last_error -> Nullable<Text>,
        failures -> BigInt,
        failing_since -> Nullable<BigInt>,
        newest_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    feed_refusal (feed_id, record) {
        feed_id -> BigInt,
        record -> Text,
        reason -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    event (id) {
        id -> BigInt,
        key -> Text,
        kind -> Text,
        at -> BigInt,
        project_id -> Nullable<BigInt>,
        package_id -> Nullable<BigInt>,
        component_id -> Nullable<BigInt>,
        problem_id -> Nullable<BigInt>,
        detail -> Text,
    }
}

diesel::table! {
    watched (package_id) {
        package_id -> BigInt,
        registry_id -> BigInt,
        since_at -> Nullable<BigInt>,
        next_at -> BigInt,
        looked_at -> Nullable<BigInt>,
        owners_at -> Nullable<BigInt>,
        failures -> BigInt,
        last_error -> Nullable<Text>,
        repository -> Nullable<Text>,
        doubt -> Nullable<Text>,
        facts -> Nullable<Binary>,
    }
}

diesel::table! {
    tenure (id) {
        id -> BigInt,
        package_id -> BigInt,
        owner_id -> Text,
        login -> Text,
        kind -> SmallInt,
        account_at -> Nullable<BigInt>,
        from_at -> BigInt,
        from_source -> SmallInt,
        until_at -> Nullable<BigInt>,
        until_source -> Nullable<SmallInt>,
        baseline -> Bool,
    }
}

diesel::table! {
    validator (registry_id, endpoint, path, accept) {
        registry_id -> BigInt,
        endpoint -> Text,
        path -> Text,
        accept -> Text,
        etag -> Nullable<Text>,
        last_modified -> Nullable<Text>,
    }
}

diesel::table! {
    verdict (id) {
        id -> BigInt,
        package_id -> BigInt,
        version -> Text,
        score -> SmallInt,
        urgency -> SmallInt,
        unconfirmed -> Bool,
        evidence -> Text,
        opened_at -> BigInt,
        changed_at -> BigInt,
        retracted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    registry_health (registry_id) {
        registry_id -> BigInt,
        answered_at -> Nullable<BigInt>,
        failures -> BigInt,
        failing_since -> Nullable<BigInt>,
        closed_until -> BigInt,
        last_error -> Nullable<Text>,
        told_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    remark (name) {
        name -> Text,
        exploited_at -> Nullable<BigInt>,
        ransomware -> Bool,
        exploited_said -> BigInt,
        likelihood -> Nullable<BigInt>,
        likelihood_said -> BigInt,
    }
}

diesel::table! {
    recheck (id) {
        id -> BigInt,
        started_at -> BigInt,
        seen_at -> BigInt,
        reached -> BigInt,
        last -> BigInt,
        components -> BigInt,
        pairs -> BigInt,
        matches -> BigInt,
        differing -> BigInt,
        ended_at -> Nullable<BigInt>,
        error -> Nullable<Text>,
    }
}

diesel::table! {
    alert (id) {
        id -> BigInt,
        public_id -> Text,
        code -> Text,
        dedupe -> Text,
        kind -> Text,
        subject -> Text,
        package_id -> Nullable<BigInt>,
        problem_id -> Nullable<BigInt>,
        versions -> Text,
        facts -> Text,
        headline -> Text,
        todo -> Text,
        unknown -> Text,
        severity -> SmallInt,
        urgency -> Text,
        state -> Text,
        confirmed -> Bool,
        revision -> BigInt,
        reason -> Text,
        opened_at -> BigInt,
        changed_at -> BigInt,
        closed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    alert_project (alert_id, project_id) {
        alert_id -> BigInt,
        project_id -> BigInt,
        added_at -> BigInt,
    }
}

diesel::table! {
    share (id) {
        id -> BigInt,
        alert_id -> BigInt,
        team_id -> BigInt,
        wanted -> BigInt,
        told -> BigInt,
        notify_at -> BigInt,
        acknowledged_by -> Nullable<Text>,
        acknowledged_at -> Nullable<BigInt>,
        escalate_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    target (id) {
        id -> BigInt,
        name -> Text,
        channel -> Text,
        not_before -> BigInt,
    }
}

diesel::table! {
    delivery (id) {
        id -> BigInt,
        public_id -> Text,
        target_id -> BigInt,
        state -> Text,
        purpose -> Text,
        attempts -> BigInt,
        due_at -> BigInt,
        created_at -> BigInt,
        sent_at -> Nullable<BigInt>,
        reference -> Nullable<Text>,
        last_error -> Nullable<Text>,
        body -> Nullable<Text>,
    }
}

diesel::table! {
    delivery_alert (delivery_id, alert_id, team_id) {
        delivery_id -> BigInt,
        alert_id -> BigInt,
        revision -> BigInt,
        team_id -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    person,
    team,
    member,
    session,
    audit,
    project,
    release,
    token,
    slot,
    run,
    document,
    upload,
    registry,
    endpoint,
    origin,
    package,
    component,
    held,
    held_before,
    held_once,
    team_package,
    problem,
    alias,
    advisory,
    advisory_body,
    affected,
    matched,
    triage,
    rematch,
    recount,
    recheck,
    remark,
    schedule,
    lease,
    feed,
    feed_refusal,
    event,
    watched,
    tenure,
    validator,
    verdict,
    registry_health,
    alert,
    alert_project,
    share,
    target,
    delivery,
    delivery_alert
);
