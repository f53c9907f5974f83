//! What is published of packages, what it means for components, and where it was fetched.

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
        package_id -> BigInt,
        project_id -> Nullable<BigInt>,
        status -> Text,
        justification -> Nullable<Text>,
        detail -> Text,
        until_at -> Nullable<BigInt>,
        severity -> SmallInt,
        exploited -> Bool,
        source -> Nullable<Text>,
        decided_by -> Text,
        decided_at -> BigInt,
        ending -> Nullable<Text>,
        ended_by -> Nullable<Text>,
        ended_at -> Nullable<BigInt>,
        replaced_by -> Nullable<BigInt>,
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
    vex_document (id) {
        id -> BigInt,
        feed -> Text,
        name -> Text,
        file -> Text,
        author -> Text,
        updated_at -> BigInt,
        withdrawn -> Bool,
        sha256 -> Binary,
    }
}

diesel::table! {
    vex_statement (document_id, ordinal) {
        document_id -> BigInt,
        ordinal -> Integer,
        ecosystem -> SmallInt,
        package -> Text,
        vulnerability -> Text,
        purl -> Text,
        versions -> Text,
        product -> Text,
        status -> Text,
        justification -> Nullable<Text>,
        detail -> Text,
        action -> Text,
        stated_at -> Nullable<BigInt>,
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
