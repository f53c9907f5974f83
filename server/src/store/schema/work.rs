//! What is to be done, when and by whom; and what happened.

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
        project_id -> Nullable<BigInt>,
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
