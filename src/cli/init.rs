//! `otklik init`: a commented configuration with the provider's known settings, the register to fill in, the instance key.
//!
//! Nothing that exists is written over. Not here: passwords, which are never asked for on a screen but put into files.

use crate::config::{email, host, loopback, phone};
use anyhow::{Context as _, Result, bail};
use std::io::{BufRead, Read as _, Write};
use std::path::{Path, PathBuf};

/// What the command line gave; the rest is asked.
#[derive(Debug, Clone, Default)]
pub struct InitFlags {
    /// `mailru`, `yandex`, `rambler`, `own`.
    pub provider: Option<String>,
    /// The school's mailbox.
    pub address: Option<String>,
    /// `HOST:PORT`.
    pub imap: Option<String>,
    /// `HOST:PORT`.
    pub smtp: Option<String>,
    /// «Школа № 12».
    pub school: Option<String>,
    /// IANA name.
    pub zone: Option<String>,
    /// As printed in letters.
    pub phone: Option<String>,
    /// Who gets everything in shadow mode; otherwise the mailbox itself.
    pub operator: Option<String>,
    /// Ask nothing.
    pub yes: bool,
}

/// What is known of a provider.
struct Provider {
    key: &'static str,
    domains: &'static [&'static str],
    imap: &'static str,
    smtp: &'static str,
    note: &'static str,
}

const PROVIDERS: [Provider; 3] = [
    Provider {
        key: "mailru",
        domains: &["mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru", "vk.com"],
        imap: "imap.mail.ru:993",
        smtp: "smtp.mail.ru:465",
        note: "# mail.ru: нужен «пароль для внешнего приложения»: Настройки → Безопасность. / An application password is needed.\n\
               # mail.ru сам раскладывает часть писем по папкам («Рассылки» и др.): впишите их в folders. / Name such folders below.",
    },
    Provider {
        key: "yandex",
        domains: &["yandex.ru", "yandex.com", "ya.ru"],
        imap: "imap.yandex.ru:993",
        smtp: "smtp.yandex.ru:465",
        note: "# Яндекс: включите IMAP (Настройки → Почтовые программы) и создайте «пароль приложения» для почты. / Switch IMAP on, make an app password.\n\
               # После смены пароля учётной записи пароли приложений перестают работать. / They end when the account's password changes.",
    },
    Provider {
        key: "rambler",
        domains: &["rambler.ru", "lenta.ru", "ro.ru", "autorambler.ru", "myrambler.ru"],
        imap: "imap.rambler.ru:993",
        smtp: "smtp.rambler.ru:465",
        note: "# Рамблер: включите «Доступ к ящику с помощью почтовых клиентов» в настройках. / Switch on access for mail clients.",
    },
];

const OWN: &str = "# Свой сервер. Сертификат своего центра: ca_file. / An own server; a private authority's certificate goes into ca_file.";

/// Writes the configuration into `dir`, asking on the terminal for what the flags leave open. Returns what was written.
pub fn init(dir: &Path, flags: InitFlags) -> Result<Vec<PathBuf>> {
    init_with(dir, flags, &mut std::io::stdin().lock(), &mut std::io::stdout())
}

/// The same with other ends for the questions.
pub fn init_with(dir: &Path, flags: InitFlags, input: &mut dyn BufRead, output: &mut dyn Write) -> Result<Vec<PathBuf>> {
    let config = dir.join("otklik.toml");
    let staff = dir.join("rules").join("specialists.toml");
    let key = dir.join("instance.key");
    for path in [&config, &staff] {
        if path.exists() {
            bail!("{} is there already and is not written over; move it away, or name another folder: otklik init DIR", path.display());
        }
    }
    let answers = answers(flags, &mut Questions { input, output })?;
    std::fs::create_dir_all(dir.join("rules"))
        .with_context(|| format!("cannot make the folder {}; choose another or ask for the right to write there", dir.display()))?;
    let state = if dir.starts_with("/etc") { "/var/lib/otklik" } else { "state" };
    let mut written = vec![config.clone(), staff.clone()];
    write_new(&config, main_file(&answers, state).as_bytes(), 0o640)?;
    write_new(&staff, include_str!("starter.toml").as_bytes(), 0o640)?;
    // A key that exists has signed letters already: a new one would make strangers of them.
    if !key.exists() {
        write_new(&key, new_key()?.as_bytes(), 0o600)?;
        written.push(key);
    }
    Ok(written)
}

/// What to do next, for the terminal.
pub fn next_steps(dir: &Path) -> String {
    let dir = dir.display();
    format!(
        "Next:\n  1. write the mailbox's password into {dir}/imap-password and {dir}/smtp-password (one line each), then chmod 600 both\n  \
         2. put your people into {dir}/rules/specialists.toml, and head and director into {dir}/otklik.toml\n  \
         3. otklik check --config {dir}/otklik.toml\n  \
         4. keep {dir}/instance.key in the backup\n"
    )
}

struct Answers {
    note: &'static str,
    address: String,
    imap: (String, u16),
    smtp: (String, u16),
    school: String,
    zone: String,
    phone: String,
    operator: String,
}

/// Asks until the answer is good, three times at most.
struct Questions<'a> {
    input: &'a mut dyn BufRead,
    output: &'a mut dyn Write,
}

impl Questions<'_> {
    fn ask<T>(&mut self, question: &str, usual: &str, check: &dyn Fn(&str) -> Result<T>) -> Result<T> {
        for _ in 0..3 {
            let shown = if usual.is_empty() { String::new() } else { format!(" [{usual}]") };
            write!(self.output, "{question}{shown}: ")?;
            self.output.flush()?;
            let mut line = String::new();
            if (&mut *self.input).take(1000).read_line(&mut line)? == 0 {
                bail!("no answer to «{question}»; answer it, or give the flag and --yes");
            }
            let answer = if line.trim().is_empty() { usual } else { line.trim() };
            match check(answer) {
                Ok(value) => return Ok(value),
                Err(e) => writeln!(self.output, "  {e}")?,
            }
        }
        bail!("three answers to «{question}» could not be used; look at the examples and run `otklik init` again")
    }
}

/// The flag, or the answer, or with --yes the usual value.
fn settle<T>(
    flag: Option<&String>,
    name: &str,
    yes: bool,
    questions: &mut Questions<'_>,
    question: &str,
    usual: &str,
    check: &dyn Fn(&str) -> Result<T>,
) -> Result<T> {
    match flag {
        Some(value) => check(value.trim()).with_context(|| format!("--{name} {value}")),
        None if yes && usual.is_empty() => bail!("--{name} is needed with --yes; {question}"),
        None if yes => check(usual),
        None => questions.ask(question, usual, check),
    }
}

fn answers(flags: InitFlags, q: &mut Questions<'_>) -> Result<Answers> {
    let yes = flags.yes;
    let address = settle(flags.address.as_ref(), "address", yes, q, "Адрес школьного ящика / the school's mailbox", "", &good_email)?;
    let domain = address.rsplit('@').next().unwrap_or_default();
    let guessed = PROVIDERS.iter().find(|p| p.domains.contains(&domain)).map_or("own", |p| p.key);
    let provider = settle(flags.provider.as_ref(), "provider", yes, q, "Провайдер / provider: mailru, yandex, rambler, own", guessed, &|key| {
        if key == "own" || PROVIDERS.iter().any(|p| p.key == key) { Ok(key.to_owned()) } else { bail!("write mailru, yandex, rambler or own") }
    })?;
    let known = PROVIDERS.iter().find(|p| p.key == provider);
    let place = |flag: Option<&String>, name: &str, usual: Option<&str>, q: &mut Questions<'_>| match usual {
        Some(usual) if flag.is_none() => host_port(usual),
        _ => settle(flag, name, yes, q, &format!("Сервер {0} / {0} server, HOST:PORT", name.to_uppercase()), "", &host_port),
    };
    let imap = place(flags.imap.as_ref(), "imap", known.map(|p| p.imap), q)?;
    let smtp = place(flags.smtp.as_ref(), "smtp", known.map(|p| p.smtp), q)?;
    let school = settle(flags.school.as_ref(), "school", yes, q, "Название школы / the school's name", "Школа", &|name| {
        if name.chars().any(char::is_control) { bail!("write the name on one line") } else { Ok(name.to_owned()) }
    })?;
    let number = settle(flags.phone.as_ref(), "phone", yes, q, "Телефон школы / its phone", "8 (000) 000-00-00", &|text| {
        if phone(text).is_some() { Ok(text.to_owned()) } else { bail!("write 8 or +7 and ten digits, e.g. 8 (495) 000-12-00") }
    })?;
    let zone = settle(flags.zone.as_ref(), "zone", yes, q, "Часовой пояс / time zone", "Europe/Moscow", &|text| {
        if text.parse::<chrono_tz::Tz>().is_ok() { Ok(text.to_owned()) } else { bail!("write a name like Europe/Moscow, Asia/Yekaterinburg, Asia/Vladivostok") }
    })?;
    let operator = settle(flags.operator.as_ref(), "operator", yes, q, "Кто следит за программой, адрес / operator's address", &address, &good_email)?;
    Ok(Answers { note: known.map_or(OWN, |p| p.note), address, imap, smtp, school, zone, phone: number, operator })
}

fn good_email(text: &str) -> Result<String> {
    email(text).map_err(|why| anyhow::anyhow!("«{text}» {why}; write an address like priemnaya@school.example"))
}

fn host_port(text: &str) -> Result<(String, u16)> {
    let parts = text.rsplit_once(':').and_then(|(name, port)| Some((name.trim_matches(['[', ']']), port.parse::<u16>().ok().filter(|p| *p > 0)?)));
    match parts {
        Some((name, port)) if host(name) => Ok((name.to_owned(), port)),
        _ => bail!("«{text}» is no HOST:PORT; write e.g. imap.school.example:993"),
    }
}

/// 25, 143 and 587 speak in the clear until STARTTLS; all else is TLS from the first byte.
fn tls(place: &(String, u16)) -> &'static str {
    if matches!(place.1, 25 | 143 | 587) { "starttls" } else { "implicit" }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What proves that a letter is from a member of staff, by the server (docs/trust.md).
fn proof(imap: &str) -> &'static str {
    if imap.contains("yandex") {
        "# Подпись отправителя проверяет сама программа: поля Яндекса можно подделать. / Signatures are verified by the program itself.\ndkim = \"verify\""
    } else if imap.ends_with("mail.ru") {
        "# Чем подтверждён отправитель, пишет mxs.mail.ru: docs/trust.md. / Who sent a letter is told by mxs.mail.ru."
    } else {
        "# Имя, под которым Ваш сервер пишет Authentication-Results; без него важные поручения подтверждаются кодом: docs/trust.md.\n\
         # The name under which your server writes Authentication-Results; without it orders that matter are confirmed by a code.\n\
         # authserv_id = \"mx.school.example\""
    }
}

fn main_file(a: &Answers, state: &str) -> String {
    let server = |place: &(String, u16)| {
        let local = if loopback(&place.0) { " # \"none\" можно только на этой же машине / \"none\" only on this machine" } else { "" };
        format!("host = {}\nport = {}\ntls = \"{}\"{local}\nuser = {}", quoted(&place.0), place.1, tls(place), quoted(&a.address))
    };
    format!(
        r##"# Настройки «Отклика». Все ключи: docs/configuration.md. Проверить: otklik check / Settings of Otklik; every key is described there.

# shadow: все письма идут только оператору; live: письма идут людям. Переключает otklik go-live.
# shadow: every letter goes to the operator only; live: letters go to people. Switched by otklik go-live.
mode = "shadow"
# База и её спутники; входит в резервную копию. / The database and its company; part of the backup.
state_dir = "{state}"

[school]
name = {school}
zone = {zone}
phone = {phone}
address = {address}
# Сначала руководитель службы, потом заместители: хотя бы один. / The head of the service first, then deputies: at least one.
head = ["zam@school.example", "zam2@school.example"]
# Директор, потом кто его замещает. / The director, then deputies.
director = ["director@school.example", "zam@school.example"]
# Кто следит за программой; в режиме shadow получает все письма. / Who looks after the program; receives everything in shadow mode.
operator = [{operator}]
# Региональные праздники: имя файла из rules/calendar/regional. / Regional holidays.
# region = "tatarstan"

[mailbox]
{note}
kind = "imap"
{imap}
# Пароль лежит отдельно, одной строкой в файле; сюда его не пишите. / The password stands alone in a file, never here.
password_file = "imap-password"
# Папки с входящими. «Отправленные» и «Спам» находятся сами. / Folders that letters arrive in; Sent and Spam are found.
folders = ["INBOX"]
poll = "60s"
{proof}

[transport]
kind = "smtp"
{smtp}
password_file = "smtp-password"

[reports]
# Ежедневный отчёт руководителю, по рабочим дням. / The head's daily report, on working days.
daily_at = "07:30"
# Недельный отчёт: секунда минута час день месяц день-недели (словом). / Weekly: second minute hour day month weekday (a name).
weekly = "0 0 12 * * Fri"

[brake]
# Сколько автоматических писем посторонним самое большее: в час, в день, в день на один адрес.
# The most automatic letters to outsiders: an hour, a day, a day to one address.
hour = 60
day = 300
address_day = 3

[policy]
# Копии писем о консультациях в «Отправленных»: shell — только номер и дата, full — целиком. / Copies in Sent.
sent_copy = "shell"
# Хранить ли исходные письма целиком. / Whether to keep the letters' raw bytes.
keep_raw = false
# Программа, которую запустить, если на срочное никто не откликнулся. / A program to run when nobody answers an alarm.
# alert_command = ["/usr/local/bin/alarm"]

# Ежедневная зашифрованная копия: docs/recovery.md. / A locked copy every day.
# [backup]
# folder = "/var/lib/otklik/backups"
# recipient = "age1…"
"##,
        school = quoted(&a.school),
        zone = quoted(&a.zone),
        phone = quoted(&a.phone),
        address = quoted(&a.address),
        operator = quoted(&a.operator),
        note = a.note,
        proof = proof(&a.imap.0),
        imap = server(&a.imap),
        smtp = server(&a.smtp),
    )
}

/// 256 bits of the system's randomness as hex.
pub(super) fn new_key() -> Result<String> {
    let mut bytes = [0_u8; 32];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut f| f.read_exact(&mut bytes))
        .context("cannot read /dev/urandom to make the instance key; run `otklik init` on the machine itself")?;
    Ok(format!("{}\n", data_encoding::HEXLOWER.encode(&bytes)))
}

fn write_new(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(mode);
    }
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = options.open(path).with_context(|| format!("cannot write {}; ask for the right to write there", path.display()))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).with_context(|| format!("cannot write {}; is the disk full?", path.display()))
}
