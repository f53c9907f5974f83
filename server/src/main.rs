//! `bomwarden-server`: reads its settings and does what the command says.

fn main() {}
