//! What is built, and what was sent of it.

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
