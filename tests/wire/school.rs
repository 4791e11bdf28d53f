//! A school on real servers for tests: Dovecot for its mailbox, Postfix for what it sends, and a configuration folder that joins them.
//!
//! All hours and all days of this school are working time, so that a test runs on any date: quiet hours, weekends and the calendar have tests of
//! their own. Otklik itself runs as a child process, as under systemd. Use through `#[path = "wire/school.rs"] mod school;` beside
//! `mod dovecot;` and `mod postfix;`.
//!
//! Waiting is asking: until a bound that a loaded machine keeps, never for a fixed time.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a harness of tests: what fails here fails the test")]

use crate::dovecot::{self, Dovecot};
use crate::postfix::{self, Postfix};
use chrono::{NaiveDate, TimeDelta};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The school's mailbox.
pub const ADDRESS: &str = dovecot::USER;
/// The psychologist of the register.
pub const PSYCHOLOGIST: &str = "i.sokolova@school.example";

/// Servers, configuration and state of one school.
pub struct TestSchool {
    /// The mailbox.
    pub dovecot: Dovecot,
    /// What takes our letters.
    pub postfix: Postfix,
    mail: PathBuf,
    dir: TempDir,
}

/// Otklik as a child process; killed when dropped.
pub struct Daemon {
    child: Child,
    log: PathBuf,
}

/// The present moment, for measuring and for bounds of waiting.
#[expect(clippy::disallowed_methods, reason = "a measurement takes time, and waiting for another process ends some time")]
pub fn instant() -> Instant {
    Instant::now()
}

/// Asks every few milliseconds until there is an answer or the bound is over.
pub fn wait<T>(bound: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let begin = instant();
    loop {
        let answer = ask();
        if answer.is_some() || begin.elapsed() > bound {
            return answer;
        }
        #[expect(clippy::disallowed_methods, reason = "the harness waits for another process")]
        std::thread::sleep(Duration::from_millis(3));
    }
}

impl TestSchool {
    /// Both servers and a configuration in live mode. `None`, with a printed line, where one of them cannot run; with `CI=true` that fails.
    pub fn start() -> Option<TestSchool> {
        let dovecot = Dovecot::start()?;
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let postfix = postfix::start(&ca)?;
        let dir = tempfile::Builder::new().prefix("otklik-school-").tempdir().unwrap();
        fs::write(dir.path().join("smtp-ca.pem"), ca.as_ref().pem()).unwrap();
        let mail = mail_of(&postfix);
        let school = TestSchool { dovecot, postfix, mail, dir };
        school.configure("");
        Some(school)
    }

    /// No order is asked about: the servers of the tests prove no sender.
    pub fn trust_senders(&self) {
        let path = self.dir.path().join("otklik.toml");
        let text = fs::read_to_string(&path).unwrap().replace("[mailbox]\n", "[mailbox]\nsender_check = \"trusted\"\n");
        fs::write(path, text).unwrap();
    }

    /// Writes the configuration; `more` stands at the end of `otklik.toml`.
    pub fn configure(&self, more: &str) {
        let dir = self.dir.path();
        let rules = dir.join("rules");
        fs::create_dir_all(rules.join("calendar")).unwrap();
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        fs::write(rules.join("specialists.toml"), always_present(&fs::read_to_string(own.join("specialists.toml")).unwrap())).unwrap();
        fs::write(rules.join("terms.toml"), open_all_day(&fs::read_to_string(own.join("terms.toml")).unwrap())).unwrap();
        fs::write(rules.join("calendar/school.toml"), every_day_works()).unwrap();
        for (name, text) in [("imap-password", dovecot::PASSWORD), ("smtp-password", postfix::PASSWORD), ("instance.key", &"5a".repeat(32))] {
            fs::write(dir.join(name), text).unwrap();
            fs::set_permissions(dir.join(name), fs::Permissions::from_mode(0o600)).unwrap();
        }
        let text = format!(
            "mode = \"live\"\nstate_dir = \"state\"\n\n[school]\nname = \"Школа № 12\"\nzone = \"Europe/Moscow\"\nphone = \"8 (495) 000-00-00\"\n\
             address = \"{ADDRESS}\"\nhead = [\"zam@school.example\", \"zam2@school.example\"]\n\
             director = [\"director@school.example\", \"zam2@school.example\"]\noperator = [\"it@school.example\"]\n\n\
             [mailbox]\nhost = \"localhost\"\nport = {}\nuser = \"{}\"\nca_file = {:?}\n\n\
             [transport]\nhost = \"localhost\"\nport = {}\nuser = \"{}\"\nca_file = \"smtp-ca.pem\"\n\n\
             [brake]\nhour = 1000\nday = 5000\naddress_day = 50\n{more}",
            self.dovecot.imaps,
            dovecot::USER,
            self.dovecot.ca_file.display().to_string(),
            self.postfix.port,
            postfix::USER,
        );
        fs::write(self.config(), text).unwrap();
    }

    /// The configuration file.
    pub fn config(&self) -> PathBuf {
        self.dir.path().join("otklik.toml")
    }

    /// The folder with everything of this school.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// A command of Otklik for this school.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_otklik"));
        command.arg("--config").arg(self.config()).args(arguments).stdin(Stdio::null());
        // Nothing of the surroundings of the test reaches the program.
        for name in ["CREDENTIALS_DIRECTORY", "OTKLIK_IMAP_PASSWORD", "OTKLIK_SMTP_PASSWORD", "NOTIFY_SOCKET", "WATCHDOG_USEC"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs a command to its end.
    pub fn otklik(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Starts the daemon.
    pub fn run(&self) -> Daemon {
        self.run_with(&[])
    }

    /// Starts the daemon with more environment.
    pub fn run_with(&self, environment: &[(&str, &Path)]) -> Daemon {
        let mut command = self.command(&["run"]);
        command.envs(environment.iter().copied());
        self.run_as(command)
    }

    /// Starts the daemon by a command that leads to it.
    pub fn run_as(&self, mut command: Command) -> Daemon {
        let log = self.dir.path().join("log");
        let file = fs::File::options().create(true).append(true).open(&log).unwrap();
        command.stdout(Stdio::null()).stderr(file);
        Daemon { child: command.spawn().expect("otklik could not be started"), log }
    }

    /// The database, to look into. `None` while there is no schema.
    pub fn database(&self) -> Option<Connection> {
        let path = self.dir.path().join("state/otklik.db");
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
        db.busy_timeout(Duration::from_secs(20)).ok()?;
        db.query_row("SELECT count(*) FROM letter", [], |r| r.get::<_, i64>(0)).ok().map(|_| db)
    }

    /// One number from the database.
    pub fn count(&self, sql: &str) -> i64 {
        self.database().and_then(|db| db.query_row(sql, [], |r| r.get(0)).ok()).unwrap_or(-1)
    }

    /// Waits until the daemon has looked into the mailbox: what comes from now on is answered.
    pub fn await_first_look(&self, daemon: &Daemon) {
        let looked =
            wait(Duration::from_secs(60), || (self.count("SELECT count(*) FROM folder WHERE name = 'INBOX' AND read_at IS NOT NULL") == 1).then_some(()));
        assert!(looked.is_some(), "the daemon did not look into the mailbox:\n{}", daemon.log());
    }

    /// Waits for the first letter to this address whose text holds all these words.
    pub fn await_letter(&self, to: &str, words: &[&str], bound: Duration) -> Option<Vec<u8>> {
        let has = |raw: &[u8]| words.iter().all(|word| String::from_utf8_lossy(raw).contains(word));
        wait(bound, || self.postfix.delivered(to).into_iter().find(|raw| has(raw)))
    }

    /// How many letters Postfix has delivered, to whomever.
    pub fn delivered_count(&self) -> usize {
        fs::read_dir(&self.mail).map_or(0, Iterator::count)
    }

    /// Every letter that Postfix has delivered, as its files hold it: trace fields, then the letter with bare line feeds.
    pub fn delivered_files(&self) -> Vec<Vec<u8>> {
        fs::read_dir(&self.mail).map_or_else(|_| Vec::new(), |entries| entries.flatten().map(|e| fs::read(e.path()).unwrap()).collect())
    }
}

/// Where this Postfix delivers: its harness keeps the folder to itself, so it is found by its port.
fn mail_of(postfix: &Postfix) -> PathBuf {
    let listens = format!("127.0.0.1:{} inet", postfix.port);
    let mut folders = fs::read_dir(std::env::temp_dir()).unwrap().flatten().map(|e| e.path());
    let found = folders.find(|path| fs::read_to_string(path.join("etc/master.cf")).is_ok_and(|text| text.contains(&listens)));
    found.expect("the folder of Postfix").join("mail/all/new")
}

/// The program's own register, with windows on every day from midnight to midnight.
fn always_present(register: &str) -> String {
    let window = "windows = [{ weekdays = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"], from = \"00:05\", to = \"23:55\" }]\n";
    let mut inside = false;
    let mut text = String::new();
    for line in register.lines() {
        let begins = line.starts_with("windows = [");
        if begins {
            text.push_str(window);
        }
        inside |= begins;
        if !inside {
            text.push_str(line);
            text.push('\n');
        }
        if inside && line.ends_with(']') {
            inside = false;
        }
    }
    assert_eq!(text.matches("windows = [").count(), register.matches("windows = [").count(), "the register has changed its shape");
    text
}

/// The program's own terms, with letters and office at all hours and a short notice.
fn open_all_day(terms: &str) -> String {
    let mut text = String::new();
    for line in terms.lines() {
        let key = line.split('=').next().unwrap_or_default().trim();
        let value = match key {
            "parents_from" | "staff_from" | "from" => Some("\"00:00\""),
            "parents_until" | "staff_until" | "until" => Some("\"23:59\""),
            "notice_minutes" => Some("120"),
            // Hundreds of appeals come in a minute here.
            "staff_letters_a_day" => Some("1000"),
            _ => None,
        };
        match value {
            Some(value) => text.push_str(&format!("{key} = {value}\n")),
            None => text.push_str(&format!("{line}\n")),
        }
    }
    text
}

/// A school calendar in which all days around the present one are worked.
fn every_day_works() -> String {
    #[expect(clippy::disallowed_methods, reason = "the daemon under test lives by the real clock")]
    let today: NaiveDate = chrono::Utc::now().date_naive();
    let days: Vec<String> = (-3..45).map(|n| format!("{{ date = {} }}", today + TimeDelta::days(n))).collect();
    format!("extra_work = [{}]\n", days.join(", "))
}

impl Daemon {
    /// Everything the daemon of this school has logged, earlier runs included.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The process that was started.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let done = Command::new("kill").arg(format!("-{name}")).arg(self.id().to_string()).status().unwrap();
        assert!(done.success(), "the daemon is gone:\n{}", self.log());
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for the end; the exit code, `None` after the bound.
    pub fn ended(&mut self, bound: Duration) -> Option<Option<i32>> {
        wait(bound, || self.child.try_wait().unwrap().map(|status| status.code()))
    }

    /// Waits for words in the log.
    pub fn await_log(&self, words: &str, bound: Duration) -> bool {
        wait(bound, || self.log().contains(words).then_some(())).is_some()
    }

    /// Resident memory in kilobytes.
    pub fn resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
