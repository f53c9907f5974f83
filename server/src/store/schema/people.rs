//! Who there is, what they may do, and what they did.

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
    audit (id) {
        id -> BigInt,
        at -> BigInt,
        actor -> Text,
        action -> Text,
        subject -> Text,
        detail -> Text,
    }
}
