//! Who is there: passwords, sessions of people, tokens of programs, and the
//! first administrator. HTTP is not spoken here.

pub mod first_run;
pub mod password;
pub mod secret;
pub mod sessions;
pub mod tokens;
