//! The topic: `rules/topics/*.toml` matched against the words of a letter.

/// One `rules/topics/*.toml` as read.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicRules {}

/// All topic rules, compiled once.
#[derive(Debug, Clone, Default)]
pub struct Topics {}
