//! What registries say of packages, and what follows from it.

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
