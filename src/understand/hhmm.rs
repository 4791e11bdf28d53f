//! Local times as `HH:MM` in JSON. Not here: what a window of time means (`times`).

use chrono::NaiveTime;
use serde::{Deserialize, Deserializer, Serializer};
pub fn serialize<S: Serializer>(t: &Option<NaiveTime>, s: S) -> Result<S::Ok, S::Error> {
    match t {
        Some(t) => s.serialize_str(&t.format("%H:%M").to_string()),
        None => s.serialize_none(),
    }
}
pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<NaiveTime>, D::Error> {
    let text = Option::<String>::deserialize(d)?;
    text.map(|t| NaiveTime::parse_from_str(&t, "%H:%M").map_err(serde::de::Error::custom)).transpose()
}
