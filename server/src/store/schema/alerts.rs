//! What people are told, and the messages that tell it.

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
        settled -> Bool,
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
