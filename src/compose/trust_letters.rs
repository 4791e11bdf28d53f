//! The letter that asks a member of staff whether an order in their name is theirs. Not here: when one is asked (`decide::trust`).

use super::Letter;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// To the registered address: was this you? It alone carries the code.
#[derive(Debug, Clone, Serialize)]
pub struct Confirmation {
    /// Appeal number; orders about the school or the person themselves have none.
    pub number: Option<i64>,
    /// The order as it was written, its first lines.
    pub words: Vec<String>,
    /// Whether more stood there than is shown.
    pub cut: bool,
    /// Six digits.
    pub code: String,
    /// Until when an answer counts.
    pub until: DateTime<Utc>,
    /// Names of the files that go along.
    pub files: Vec<String>,
    /// Why others do not: a sentence each.
    pub refused: Vec<String>,
}

impl Letter for Confirmation {
    const NAME: &'static str = "confirmation";
    fn samples() -> Vec<Self> {
        let until = DateTime::from_timestamp(1_795_602_000, 0).unwrap_or_default();
        let one = Confirmation {
            number: Some(147),
            words: vec!["готово: доступ восстановлен, пароль пришёл на Вашу почту".to_owned()],
            cut: false,
            code: "482913".to_owned(),
            until,
            files: Vec::new(),
            refused: Vec::new(),
        };
        vec![
            Confirmation {
                number: None,
                words: vec!["разослать".to_owned()],
                cut: true,
                files: vec!["план.pdf".to_owned()],
                refused: vec!["Файл «x.exe» не прикреплён: можно pdf, docx, xlsx, odt, jpg и png.".to_owned()],
                ..one.clone()
            },
            one,
        ]
    }
}
