//! The rules that the program carries with it. A test compares this list with the folder `rules/`.

/// Name and text of each file.
pub(super) const RULES: &[(&str, &str)] = &[
    ("rules/categories.toml", include_str!("../../rules/categories.toml")),
    ("rules/elsewhere.toml", include_str!("../../rules/elsewhere.toml")),
    ("rules/safety.toml", include_str!("../../rules/safety.toml")),
    ("rules/seasons.toml", include_str!("../../rules/seasons.toml")),
    ("rules/specialists.toml", include_str!("../../rules/specialists.toml")),
    ("rules/terms.toml", include_str!("../../rules/terms.toml")),
];
