//! Texts that are ready: satisfaction (002 4.1), who has a computer and internet (002 4.3), consent (004 2.1).

use super::{Audience, Draft};
use chrono::{Days, NaiveDate};

/// A ready text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    /// How the family liked the week.
    Satisfaction,
    /// Who has a computer and internet.
    Computer,
    /// Consent to letters and to photographs.
    Consent,
}

/// The version under which a consent is kept; another text needs another version.
pub const CONSENT_VERSION: &str = "2026-1";

/// What is consented to.
pub const CONSENT_TEXT: &str = "Школа пишет семьям по электронной почте: объявления, приглашения на консультации, ответы на обращения. \
Для этого школа хранит Ваше имя, класс ребёнка, адрес почты и телефон и никому их не передаёт.\n\n\
Если Вы согласны, что школа хранит эти сведения и пишет Вам, ответьте «согласен» или «согласна». Если нет, ответьте «не согласен» или «не согласна»: \
тогда школа будет сообщать новости иначе. Согласие можно отозвать в любой день таким же письмом.";

const ALL: [(Ready, &[&str]); 3] = [
    (Ready::Satisfaction, &["удовлетворенность", "неделя", "оценка недели"]),
    (Ready::Computer, &["компьютер", "интернет", "техника"]),
    (Ready::Consent, &["согласие"]),
];

/// The ready text of a name in lower case, «ё» as «е».
pub(super) fn named(name: &str) -> Option<Ready> {
    let name = name.trim_matches(|c: char| c.is_whitespace() || ":«».".contains(c));
    ALL.iter().find(|(_, names)| names.contains(&name)).map(|(ready, _)| *ready)
}

/// «удовлетворённость», «компьютер», «согласие».
pub(super) fn names() -> &'static str {
    "«шаблон удовлетворённость», «шаблон компьютер», «шаблон согласие»"
}

impl Ready {
    /// The draft; its audience is the sender's to say.
    pub fn draft(self, today: NaiveDate) -> Draft {
        let (topic, text, choices): (&str, &str, &[&str]) = match self {
            Ready::Satisfaction => (
                "Как прошла учебная неделя",
                "Расскажите, пожалуйста, как для Вашей семьи прошла эта учебная неделя. Один ответ займёт минуту и поможет нам увидеть, что исправить.\n\n\
                 Если хотите что-то добавить, напишите несколькими словами после номера ответа.",
                &["всё хорошо", "в целом хорошо, есть мелочи", "есть трудности", "плохо, нужна помощь"],
            ),
            Ready::Computer => (
                "Есть ли дома компьютер и интернет",
                "Чтобы никто не остался без уроков, если придётся учиться из дома, нам нужно знать, у кого есть компьютер и интернет. \
                 Выберите, пожалуйста, что подходит Вашей семье.\n\nЕсли чего-то нет, школа подберёт другой способ: материалы на бумаге или устройство на время.",
                &["есть компьютер и интернет", "есть только телефон с интернетом", "есть компьютер, интернета нет", "нет ни компьютера, ни интернета"],
            ),
            Ready::Consent => ("Согласие на письма от школы", CONSENT_TEXT, &[]),
        };
        Draft {
            topic: topic.into(),
            text: text.into(),
            audience: Audience::Unsaid,
            start: None,
            minutes: 60,
            place: None,
            confirm: false,
            until: today.checked_add_days(Days::new(5)),
            choices: choices.iter().map(|c| (*c).to_owned()).collect(),
            urgent: false,
            consent: self == Ready::Consent,
        }
    }
}
