//! Every letter and every page in a real browser (Chromium over its own debugging pipe), at the widths of a small telephone, a tablet and a
//! screen, in light and in dark: nothing is wider than the window, every picture says what it shows, every word can be read (WCAG AA), every
//! button is as high as a thumb.
//!
//! Without Chromium the test is skipped with a line; with CI=true never. `OTKLIK_SCREENS=DIR` also writes pictures to look at.

#![expect(clippy::unwrap_used, reason = "a browser that does not answer fails the test")]

use otklik::publish::{Period, Publication};
use otklik::report::{JournalRow, Reader, journal};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const WIDTHS: [u32; 3] = [320, 600, 1200];
const SCHEMES: [&str; 2] = ["light", "dark"];
const MEASURE: &str = include_str!("screens/measure.js");

#[expect(clippy::disallowed_methods, reason = "whether a test may be skipped, and where pictures go, is the environment's word")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn chromium() -> Option<String> {
    let found = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok_and(|o| o.status.success()))
        .map(str::to_owned);
    assert!(found.is_some() || environment("CI").is_none_or(|v| v != "true"), "CI must have chromium");
    if found.is_none() {
        println!("skipped: no chromium here; install chromium");
    }
    found
}

/// One browser with one tab.
struct Browser {
    child: Child,
    orders: ChildStdin,
    answers: ChildStdout,
    read: Vec<u8>,
    last: u64,
    session: Option<String>,
    frame: String,
    _profile: tempfile::TempDir,
}

impl Browser {
    fn start(program: &str) -> Browser {
        let profile = tempfile::tempdir().unwrap();
        // Orders and answers of the debugging pipe are the descriptors 3 and 4: a shell puts them there.
        let line = format!(
            "exec {program} --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars --no-first-run --disable-extensions \
             --disable-background-networking --disable-component-update --proxy-server=127.0.0.1:9 --user-data-dir={} --remote-debugging-pipe about:blank \
             3<&0 4>&1 </dev/null >/dev/null 2>&1",
            profile.path().display()
        );
        let mut child = Command::new("sh").args(["-c", &line]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (orders, answers) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut browser = Browser { child, orders, answers, read: Vec::new(), last: 0, session: None, frame: String::new(), _profile: profile };
        let target = browser.order("Target.createTarget", json!({"url": "about:blank"}))["targetId"].as_str().unwrap().to_owned();
        let session = browser.order("Target.attachToTarget", json!({"targetId": target, "flatten": true}));
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        browser.order("Page.enable", json!({}));
        let tree = browser.order("Page.getFrameTree", json!({}));
        browser.frame = tree["frameTree"]["frame"]["id"].as_str().unwrap().to_owned();
        browser
    }

    /// One order, and its answer; events in between are nobody's.
    fn order(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let mut order = json!({"id": self.last, "method": method, "params": params});
        if let Some(session) = &self.session {
            order["sessionId"] = json!(session);
        }
        self.orders.write_all(format!("{order}\0").as_bytes()).unwrap();
        loop {
            let answer = self.next();
            if answer["id"].as_u64() == Some(self.last) {
                assert!(answer.get("error").is_none(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
        }
    }

    fn next(&mut self) -> Value {
        let mut chunk = vec![0_u8; 1 << 16];
        loop {
            if let Some(end) = self.read.iter().position(|b| *b == 0) {
                let one: Vec<u8> = self.read.drain(..=end).collect();
                return serde_json::from_slice(&one[..end]).unwrap();
            }
            let n = self.answers.read(&mut chunk).unwrap();
            assert!(n > 0, "the browser ended");
            self.read.extend_from_slice(&chunk[..n]);
        }
    }

    fn show(&mut self, html: &str) {
        let frame = self.frame.clone();
        self.order("Page.setDocumentContent", json!({"frameId": frame, "html": html}));
    }

    fn window(&mut self, width: u32, scheme: &str) {
        self.order("Emulation.setDeviceMetricsOverride", json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false}));
        self.order("Emulation.setEmulatedMedia", json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]}));
    }

    /// What is wrong with the page as it stands, one line each.
    fn measure(&mut self) -> Vec<String> {
        let answer = self.order("Runtime.evaluate", json!({"expression": MEASURE, "returnByValue": true}));
        assert!(answer.get("exceptionDetails").is_none(), "{}", answer["exceptionDetails"]);
        answer["result"]["value"].as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
    }

    fn picture(&mut self) -> Vec<u8> {
        let answer = self.order("Page.captureScreenshot", json!({"format": "png", "captureBeyondViewport": true}));
        data_encoding::BASE64.decode(answer["data"].as_str().unwrap().as_bytes()).unwrap()
    }

    /// All widths in both schemes.
    fn findings(&mut self, name: &str, html: &str) -> Vec<String> {
        self.show(html);
        let mut found = Vec::new();
        for width in WIDTHS {
            for scheme in SCHEMES {
                self.window(width, scheme);
                found.extend(self.measure().into_iter().map(|what| format!("{name}, {width} px, {scheme}: {what}")));
                if let Some(dir) = environment("OTKLIK_SCREENS") {
                    std::fs::create_dir_all(&dir).unwrap();
                    let picture = self.picture();
                    std::fs::write(format!("{dir}/{name}-{width}-{scheme}.png"), picture).unwrap();
                }
            }
        }
        found
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What no page of ours does: load, run, embed.
fn foreign(html: &str) -> Option<&'static str> {
    let small = html.to_lowercase();
    ["<script", "<link", "<iframe", "<object", "@import", "src=\"http", "src='http", "url(http", "onclick", "onload"]
        .into_iter()
        .find(|sign| small.contains(sign))
}

fn check(browser: &mut Browser, name: &str, html: &str, wrong: &mut Vec<String>) {
    wrong.extend(foreign(html).map(|sign| format!("{name}: has {sign}")));
    wrong.extend(browser.findings(name, html));
}

fn report(wrong: &[String]) {
    let shown: Vec<&str> = wrong.iter().take(60).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), shown.join("\n"));
}

#[test]
fn every_letter_can_be_read_on_every_screen() {
    let Some(program) = chromium() else { return };
    let mut browser = Browser::start(&program);
    let composer = otklik::config::demo().composer;
    let letters = composer.previews("2026-11-18T07:00:00Z".parse().unwrap());
    assert!(letters.len() > 80, "only {} samples", letters.len());
    let mut wrong = Vec::new();
    for letter in &letters {
        assert!(letter.text.trim().lines().count() >= 2, "{} has a text part of its own", letter.name);
        check(&mut browser, &letter.name, &letter.html, &mut wrong);
    }
    report(&wrong);
}

fn rows() -> Vec<JournalRow> {
    let row = |number: i64, author: &str, note: &str| JournalRow {
        number,
        start: Some("2026-11-25T12:30:00Z".parse().unwrap()),
        specialist: "Самойлова Ирина Юрьевна".into(),
        form: "Сферум".into(),
        author: author.into(),
        class: "5А".into(),
        topic: "электронный журнал и дневник".into(),
        state: "состоялась".into(),
        recommendations: Some("Читать вслух по десять минут в день".into()),
        note: note.into(),
        ..JournalRow::default()
    };
    vec![row(147, "Рябинина Ольга Петровна", ""), row(148, "ОченьДлиннаяФамилияБезЕдиногоПробелаИДефиса", "одно\nдругое")]
}

/// The schedule's page and the site's fragments, each pasted into a page of somebody else's, of a school that uses every rule.
fn published(browser: &mut Browser, wrong: &mut Vec<String>) {
    let mut settings = otklik::config::demo();
    settings.schedule.number = Some("45-ОД".into());
    settings.site.hotline_hours = Some("по рабочим дням с 9:00 до 17:00".into());
    settings.site.announcements = vec![otklik::settings::PublicAnnouncement {
        date: chrono::NaiveDate::from_ymd_opt(2026, 11, 18).unwrap(),
        until: None,
        title: "День открытых дверей".into(),
        text: vec![
            "Приглашаем семьи будущих первоклассников 5 декабря в 11:00. https://school.example/очень-длинный-адрес-страницы-без-единого-пробела".into(),
        ],
    }];
    let person = settings.staff.iter_mut().find(|p| p.id == "teacher-1").unwrap();
    person.subjects = vec!["математика".into(), "алгебра".into(), "вероятность и статистика".into()];
    person.windows[0].weeks = Some(otklik::slots::Weeks::Odd);
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let of = Publication { settings: &settings, groups: &[], period: Period::school_year(today), specialist: None };
    check(browser, "page-schedule", &otklik::publish::page(of), wrong);
    for file in otklik::publish::site(of, today) {
        let html = String::from_utf8(file.bytes).unwrap();
        let whole =
            if html.starts_with("<!doctype") { html } else { format!("<!doctype html><html lang=\"ru\"><body style=\"margin:8px\">{html}</body></html>") };
        check(browser, &format!("page-{}", file.name.trim_end_matches(".html")), &whole, wrong);
    }
}

#[test]
fn every_page_can_be_read_on_every_screen() {
    let Some(program) = chromium() else { return };
    let mut browser = Browser::start(&program);
    let mut wrong = Vec::new();
    let zone = chrono_tz::Europe::Moscow;
    check(&mut browser, "page-journal", &journal(&rows(), zone, "Школа № 12", Reader::Specialist).page(), &mut wrong);
    check(&mut browser, "page-journal-empty", &journal(&[], zone, "Школа № 12", Reader::School).page(), &mut wrong);
    let out = tempfile::tempdir().unwrap();
    published(&mut browser, &mut wrong);
    let done = Command::new(env!("CARGO_BIN_EXE_otklik")).arg("demo").arg("--out").arg(out.path()).current_dir(out.path()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut pages: Vec<_> = std::fs::read_dir(out.path()).unwrap().map(|e| e.unwrap().path()).collect();
    for folder in ["letters", "incoming"] {
        pages.extend(std::fs::read_dir(out.path().join(folder)).unwrap().map(|e| e.unwrap().path()));
    }
    pages.retain(|p| p.extension().is_some_and(|e| e == "html"));
    pages.sort();
    assert!(pages.len() > 150, "only {} pages of the demo", pages.len());
    for page in &pages {
        let name = format!("demo-{}", page.file_stem().unwrap().to_string_lossy());
        check(&mut browser, &name, &std::fs::read_to_string(page).unwrap(), &mut wrong);
    }
    report(&wrong);
}

/// The measure itself: each fault that it is there for is found, and a page without any has none.
#[test]
fn the_measure_finds_what_it_is_there_for() {
    let Some(program) = chromium() else { return };
    let mut browser = Browser::start(&program);
    let page =
        |body: &str| format!("<!doctype html><html lang=\"ru\"><head><meta name=\"color-scheme\" content=\"light dark\"></head><body>{body}</body></html>");
    let good = "<p>Слова.</p><a href=\"mailto:a@b.example\" style=\"display:block;padding:13px;border:1px solid\">Кнопка</a>";
    assert_eq!(browser.findings("good", &page(good)), Vec::<String>::new());
    for (fault, body) in [
        ("wider than the window", "<div style=\"width:700px\">Слова</div>"),
        ("alt", "<img src=\"data:,\">"),
        ("contrast", "<p style=\"color:#aaaaaa;background:#ffffff\">Слова</p>"),
        ("button", "<a href=\"mailto:a@b.example\" style=\"display:block;border:1px solid;line-height:20px\">Кнопка</a>"),
    ] {
        let found = browser.findings("bad", &page(body));
        assert!(!found.is_empty() && found.iter().all(|line| line.contains(fault)), "{fault}: {found:?}");
    }
    // A colour for light alone is unreadable on a dark ground.
    let found = browser.findings("bad", &page("<p style=\"color:#1c2430\">Слова</p>"));
    assert!(found.len() == 3 && found.iter().all(|line| line.contains("dark")), "{found:?}");
}
