//! Bombs that are calendar objects.

/// An object with these lines in its one event.
fn event(lines: &str) -> Vec<u8> {
    format!("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:u1@school.example\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n").into_bytes()
}

/// 16 KB of these overflow the stack of `icalendar` 0.17, which aborts the process.
pub fn components_within_components() -> Vec<u8> {
    format!("BEGIN:VCALENDAR\r\n{}", "BEGIN:A\n".repeat(100_000)).into_bytes()
}

/// The same, below the limit of size.
pub fn components_within_components_in_16_kb() -> Vec<u8> {
    format!("BEGIN:VCALENDAR\r\n{}", "BEGIN:A\n".repeat(2_000)).into_bytes()
}

pub fn fifty_thousand_events() -> Vec<u8> {
    format!("BEGIN:VCALENDAR\r\n{}", "BEGIN:VEVENT\r\nUID:u\r\nDTSTART:20261125T123000Z\r\nEND:VEVENT\r\n".repeat(50_000)).into_bytes()
}

pub fn every_second_since_1970() -> Vec<u8> {
    event("DTSTART:19700101T000000Z\r\nDTEND:19700101T000001Z\r\nRRULE:FREQ=SECONDLY;COUNT=1000000000")
}

pub fn a_rule_that_never_comes_true() -> Vec<u8> {
    event("DTSTART:19700101T000000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;BYSETPOS=-366;INTERVAL=1")
}

pub fn rules_in_every_event() -> Vec<u8> {
    let one = "BEGIN:VEVENT\r\nUID:u\r\nDTSTART:20200101T000000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=MINUTELY;BYSECOND=0,1,2,3;BYDAY=MO,TU,WE\r\nEND:VEVENT\r\n";
    format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", one.repeat(1_600)).into_bytes()
}

pub fn exceptions_without_end() -> Vec<u8> {
    let days: String = (0..15_000).map(|n| format!("20261125T{:06},", n % 240_000)).collect();
    event(&format!("DTSTART:20261125T000000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=DAILY\r\nEXDATE:{days}20261125T000000Z"))
}

pub fn a_line_of_10_megabytes() -> Vec<u8> {
    event(&format!("DESCRIPTION:{}", "x".repeat(10 << 20)))
}

pub fn ten_megabytes_of_folds() -> Vec<u8> {
    event(&format!("DESCRIPTION:{}", "\r\n x".repeat(2_600_000)))
}

pub fn parameters_without_end() -> Vec<u8> {
    event(&format!("ATTENDEE{};CN={}:mailto:a@b.example", ";A=\"b\"".repeat(20_000), "\"".repeat(100_000)))
}

pub fn people_without_end() -> Vec<u8> {
    event(&"ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example\r\n".repeat(4_900))
}

pub fn zones_without_end() -> Vec<u8> {
    let zone = "BEGIN:VTIMEZONE\r\nTZID:Z\r\nBEGIN:STANDARD\r\nTZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
    format!("BEGIN:VCALENDAR\r\n{}BEGIN:VEVENT\r\nUID:u\r\nDTSTART;TZID=Z:20261125T123000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", zone.repeat(800)).into_bytes()
}
