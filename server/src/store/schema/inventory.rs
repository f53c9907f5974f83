//! Packages, where they come from, and who holds them.

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
