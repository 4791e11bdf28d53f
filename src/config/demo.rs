//! The demo school: embedded files alone, no server, no key of its own, invented people.

use super::gather;
use crate::settings::Settings;

/// `otklik.toml` of the demo school.
pub const DEMO: &str = r#"# The demo school. Everything in it is invented.
mode = "live"
state_dir = "demo-state"
[school]
name = "Школа № 12"
zone = "Europe/Moscow"
phone = "8 (495) 000-12-00"
address = "priemnaya@school.example"
head = ["zam@school.example", "zam2@school.example"]
director = ["director@school.example", "zam2@school.example"]
operator = ["it@school.example"]
staff_domains = ["school.example"]
[mailbox]
kind = "folder"
path = "demo-mail"
# No server stands behind invented letters: nobody could prove to have sent one.
sender_check = "trusted"
[transport]
kind = "folder"
path = "demo-out"
[reports]
daily_at = "07:30"
weekly = "0 0 12 * * Fri"
absence_phone = "8 (495) 000-12-01"
"#;

/// The settings of the demo school. Needs no file and no clock; equal at each call.
pub fn demo() -> Settings {
    #[expect(clippy::expect_used, reason = "all of it is embedded, and a test loads it")]
    gather::demo(DEMO).expect("the embedded configuration has no mistakes")
}
