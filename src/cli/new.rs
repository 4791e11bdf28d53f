//! `otklik new …`: an appeal that came by telephone or on paper, from flags or from a form on standard input. The same decision as for a letter of
//! staff with the hotline's form (001 App. 2); nothing is read from the mailbox.

use super::WrongUse;
use crate::clock::Clock;
use crate::compose::Moment;
use crate::jobs::{School, bring};
use anyhow::Result;
use serde_json::json;
use std::io::{IsTerminal, Read, Write};

/// Bytes of a form.
const LONGEST: u64 = 256 << 10;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct New {
    /// What it is about; without it a form (or a note in free words) is read from standard input
    #[arg(long)]
    text: Option<String>,
    /// Full name of who called
    #[arg(long)]
    name: Option<String>,
    /// Родитель, ученик, учитель
    #[arg(long)]
    role: Option<String>,
    /// 5А
    #[arg(long)]
    class: Option<String>,
    /// Telephone to call back
    #[arg(long)]
    phone: Option<String>,
    /// Address for the answer
    #[arg(long)]
    email: Option<String>,
    /// Type of appeal, as the form names it
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Member of staff who took it (address); otherwise the first operator
    #[arg(long, value_name = "ADDRESS")]
    by: Option<String>,
}

impl New {
    pub(super) fn run(self, school: &School, as_json: bool, out: &mut impl Write) -> Result<()> {
        let settings = school.settings();
        let now = Clock::System.now();
        let by = self.by.clone().or_else(|| settings.operator.first().cloned()).unwrap_or_default();
        if settings.person_by_email(&by).is_none() {
            return Err(WrongUse(format!("{by} is nobody of the staff register; name who took the appeal: --by ADDRESS")).into());
        }
        let body = self.body()?;
        let number = bring(school, &by, &body, now)?;
        let appeal = school.store().appeal(number)?;
        let day = appeal.map(|a| Moment { at: a.due.literal.max(a.due.office), zone: settings.worktime.zone }.by_day()).unwrap_or_default();
        if as_json {
            writeln!(out, "{}", json!({"number": number, "answer_by": day}))?;
        } else {
            writeln!(out, "№ {number}: записано. Скажите: «Номер Вашей заявки {number}, ответим до {day}».")?;
        }
        Ok(())
    }

    /// The flags as the form's lines, or standard input.
    fn body(&self) -> Result<String> {
        let Some(text) = &self.text else {
            let mut stdin = std::io::stdin().lock();
            if stdin.is_terminal() {
                return Err(WrongUse("give the words with --text \"…\" or a form on standard input: otklik new < form.txt".into()).into());
            }
            let mut text = String::new();
            stdin.by_ref().take(LONGEST).read_to_string(&mut text)?;
            if text.trim().is_empty() {
                return Err(WrongUse("standard input is empty: fill in the form (a letter «форма» to the mailbox brings it)".into()).into());
            }
            return Ok(text);
        };
        let fields = [
            ("ФИО обратившегося", &self.name),
            ("Роль обратившегося", &self.role),
            ("Класс, в котором учится ребёнок", &self.class),
            ("Тип обращения", &self.kind),
            ("Телефон для обратной связи", &self.phone),
            ("E-mail", &self.email),
        ];
        let mut body: String = fields.map(|(label, value)| format!("{label}: {}\n", value.as_deref().unwrap_or("не указано").replace('\n', " "))).concat();
        body.push_str(&format!("Описание проблемы: {text}\n"));
        Ok(body)
    }
}
