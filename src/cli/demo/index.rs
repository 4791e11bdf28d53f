//! The page that a newcomer opens: what Otklik is, the week day by day, the way of each appeal, reports and journal.

use super::Facts;
use super::pages::{escaped, page as whole};
use super::scenes::{Cause, Scene, Step, Week};
use crate::appeal::Appeal;
use crate::cli::journal::name as name_of;
use crate::outbox::Kind;
use crate::report::RegisterRow;
use crate::settings::Settings;
use chrono::{Datelike, NaiveDate};

/// Stories worth reading first: number of the appeal, title, what it shows. A test looks whether they are still so.
pub(super) const FIRST: [(i64, &str, &str); 6] = [
    (3, "Обычный путь", "Мама просит психолога. Специалист принимает время в своём календаре, мама в своём, встреча назначена за полтора часа."),
    (14, "Тревога ночью", "Ребёнок может быть в опасности. Психолога и руководителей будят, пока кто-то не нажмёт «вижу»."),
    (11, "Просрочка", "На письмо не ответили за сутки. Напоминание, затем руководитель, затем директор."),
    (2, "«Не помогло»", "Ответ не решил вопроса. Обращение открывается снова, с новым сроком."),
    (8, "Другое время", "Мама не может в назначенный час. Находится другой, оба календаря меняются сами."),
    (5, "Без почты", "Бабушка звонила по телефону, адреса у неё нет. Программа просит сотрудника перезвонить."),
];

/// The whole page.
pub(super) fn page(week: &Week, settings: &Settings, facts: &Facts) -> String {
    let mut body = header(week, settings, facts);
    body.push_str(&first());
    body.push_str(&papers(week, settings));
    body.push_str(&people(settings));
    body.push_str(&days(week, settings));
    body.push_str(&ways(week, settings, facts));
    body.push_str(FOOTER);
    whole(&format!("Неделя с Откликом. {}", settings.school), &body)
}

fn header(week: &Week, settings: &Settings, facts: &Facts) -> String {
    let answered: Vec<bool> = facts.register.iter().filter_map(|r| r.kept).collect();
    let kept = answered.iter().filter(|k| **k).count();
    let numbers = [
        (week.incoming.len().to_string(), "писем пришло в ящик школы"),
        (facts.appeals.len().to_string(), "стали обращениями"),
        (format!("{kept} из {}", answered.len()), "ответов в срок"),
        (facts.consultations.len().to_string(), "консультаций назначено"),
        (week.sent.len().to_string(), "писем отправила программа"),
    ];
    let numbers: String = numbers.iter().map(|(n, what)| format!("<li><b>{n}</b><span>{what}</span></li>")).collect();
    format!(
        "<header><div class=\"in\">\n<h1>Неделя с Откликом</h1>\n<p>Отклик читает почту школы: подтверждает родителю, что письмо получено, и передаёт его нужному специалисту. \
         Дальше он сам назначает встречи через календарь, следит за сроками и пишет отчёты.</p>\n\
         <p class=\"note\">Перед Вами репетиция: неделя с 16 по 23 ноября 2026 года. {}, люди и письма выдуманы, ничего никому не отправлено. \
         Ссылки ведут к самим письмам.</p>\n</div></header>\n<main>\n<ul class=\"numbers\">{numbers}</ul>\n",
        escaped(&settings.school)
    )
}

fn first() -> String {
    let cards: String = (FIRST.iter())
        .map(|(n, title, text)| {
            format!("<li><h3><a href=\"#a{n}\">{}</a></h3><p>{} <a class=\"no\" href=\"#a{n}\">№ {n}</a></p></li>\n", escaped(title), escaped(text))
        })
        .collect();
    format!("<h2>С чего начать</h2>\n<p class=\"lead\">Шесть историй этой недели, от первого письма до ответа.</p>\n<ul class=\"cards\">\n{cards}</ul>\n")
}

/// Reports, journal, register.
fn papers(week: &Week, settings: &Settings) -> String {
    let zone = settings.worktime.zone;
    let mut daily = Vec::new();
    for sent in week.sent.iter().filter(|s| s.kind == Kind::ReportDaily) {
        let at = sent.at.with_timezone(&zone);
        let link = format!("<a class=\"no\" href=\"report-daily-{}.html\">{} {}</a>", at.format("%Y-%m-%d"), short(at.date_naive()), at.format("%d.%m"));
        if !daily.contains(&link) {
            daily.push(link);
        }
    }
    format!(
        "<h2>Что видит школа</h2>\n<ul class=\"cards\">\n\
         <li><h3>Утренний отчёт</h3><p>В рабочий день в 7:30, руководителю: что горит, что решить, что просрочено.<br>{}</p></li>\n\
         <li><h3><a href=\"report-weekly.html\">Недельный отчёт</a></h3><p>В пятницу в полдень: сколько писем, как быстро ответили, где не успели.</p></li>\n\
         <li><h3><a href=\"journal.html\">Журнал консультаций</a></h3><p>Готов к печати. Для таблицы: <a href=\"journal.csv\">journal.csv</a>; все обращения: <a href=\"register.csv\">register.csv</a>.</p></li>\n\
         <li><h3><a href=\"site/schedule.html\">График консультаций</a></h3><p>Для сайта и стенда, с местом для подписи; рядом таблица и календари. <a href=\"site/index.html\">Фрагменты для сайта школы</a>: как написать, куда позвонить, когда ответят.</p></li>\n</ul>\n",
        daily.join(" · ")
    )
}

fn days(week: &Week, settings: &Settings) -> String {
    let zone = settings.worktime.zone;
    let mut out = String::new();
    let mut tabs = String::new();
    let mut day: Option<NaiveDate> = None;
    for scene in week.scenes.iter().filter(|s| !matches!(&s.cause, Cause::Clock if s.steps.is_empty())) {
        let date = scene.at.with_timezone(&zone).date_naive();
        if day != Some(date) {
            out.push_str(if day.is_some() { "</section>\n" } else { "" });
            let title = format!("{}, {} ноября", long(date), date.day());
            out.push_str(&format!("<section class=\"day\" id=\"d{}\">\n<h3>{title}</h3>\n", date.day()));
            tabs.push_str(&format!("<li><a href=\"#d{}\">{} {}</a></li>", date.day(), short(date), date.day()));
            day = Some(date);
        }
        out.push_str(&scene_block(week, scene, settings));
    }
    out.push_str("</section>\n");
    format!(
        "<h2>День за днём</h2>\n<p class=\"lead\">Слева время. Жирным то, что произошло, под ним то, что сделала программа. Номер ведёт к пути обращения.</p>\n<ul class=\"days\">{tabs}</ul>\n{out}"
    )
}

fn scene_block(week: &Week, scene: &Scene, settings: &Settings) -> String {
    let time = scene.at.with_timezone(&settings.worktime.zone).format("%H:%M");
    let urgent = scene.steps.iter().any(|s| s.event == "alarm");
    let numbers: String = scene.appeals().iter().map(|n| format!(" <a class=\"no\" href=\"#a{n}\">№ {n}</a>")).collect();
    let (class, what) = match &scene.cause {
        Cause::Letter(i) => ("letter-in", cause_letter(week, *i, urgent)),
        Cause::Staff(_, words) => ("staff-in", format!("<span class=\"tag staff\">Школа</span>{}", escaped(words))),
        Cause::Clock => ("clock", "<span class=\"tag clock\">По часам</span>".to_owned()),
    };
    let mut steps: String = scene.steps.iter().map(|s| step_item(week, s, true)).collect();
    if !steps.is_empty() {
        steps = format!("<ul class=\"steps\">{steps}</ul>");
    }
    format!("<div class=\"scene {class}\"><time>{time}</time><div><p class=\"what\">{what}{numbers}</p>{steps}</div></div>\n")
}

fn cause_letter(week: &Week, index: usize, urgent: bool) -> String {
    let calendar = week.incoming.get(index).is_some_and(|l| l.calendar);
    let tag = if calendar {
        "<span class=\"tag calendar\">Календарь</span>"
    } else if urgent {
        "<span class=\"tag urgent\">Срочно</span>"
    } else {
        "<span class=\"tag\">Письмо</span>"
    };
    week.incoming.get(index).map_or_else(String::new, |l| format!("{tag}<a href=\"incoming/{}.html\">{}</a>", escaped(&l.name), escaped(&capital(&l.about))))
}

fn step_item(week: &Week, step: &Step, posts: bool) -> String {
    let class = match step.event.as_str() {
        "overdue" | "alarm" | "undelivered" | "escalated" => " class=\"bad\"",
        "accepted" | "closed" | "thanks" => " class=\"good\"",
        _ => "",
    };
    format!("<li{class}>{}</li>", step_words(week, step, posts))
}

/// `posts`: readers with their posts.
fn step_words(week: &Week, step: &Step, posts: bool) -> String {
    let to = step.to.as_ref().map(|(name, titled)| format!(" · {}", escaped(if posts { titled } else { name }))).unwrap_or_default();
    match step.sent.and_then(|i| week.sent.get(i)) {
        Some(sent) => format!("<a href=\"letters/{}.html\">{}</a>{to}", escaped(&sent.name), escaped(&step.words)),
        None => escaped(&step.words),
    }
}

fn ways(week: &Week, settings: &Settings, facts: &Facts) -> String {
    let all: String = (facts.appeals.iter()).map(|a| way(week, settings, a, facts.register.iter().find(|r| r.number == a.number))).collect();
    format!("<h2>Путь каждого обращения</h2>\n<p class=\"lead\">От письма до ответа, со всеми письмами по дороге.</p>\n<div class=\"ways\">\n{all}</div>\n")
}

fn way(week: &Week, settings: &Settings, a: &Appeal, row: Option<&RegisterRow>) -> String {
    let zone = settings.worktime.zone;
    let mut lines = String::new();
    let mut title = String::new();
    for scene in week.scenes.iter() {
        let named = scene.appeals().contains(&a.number);
        // The director's list names many appeals and so belongs to none.
        let mine: Vec<_> = scene.steps.iter().filter(|s| s.appeal == Some(a.number) || (named && s.appeal.is_none() && s.sent.is_some())).collect();
        // An order about this appeal belongs to its way even where nothing followed at that moment.
        let ordered = matches!(scene.cause, Cause::Staff(Some(n), _) if n == a.number);
        if mine.is_empty() && !ordered {
            continue;
        }
        let cause = match &scene.cause {
            Cause::Letter(i) => {
                if title.is_empty() {
                    title = week.incoming.get(*i).map(|l| l.about.clone()).unwrap_or_default();
                }
                cause_letter(week, *i, false)
            }
            Cause::Staff(_, words) => format!("<span class=\"tag staff\">Школа</span>{}", escaped(words)),
            Cause::Clock => "<span class=\"tag clock\">По часам</span>".to_owned(),
        };
        let steps: String = mine.iter().map(|s| step_item(week, s, false)).collect();
        let steps = if steps.is_empty() { steps } else { format!("<ul class=\"steps\">{steps}</ul>") };
        let at = scene.at.with_timezone(&zone);
        lines.push_str(&format!("<li><time>{} {}</time>{cause}{steps}</li>\n", short(at.date_naive()), at.format("%H:%M")));
    }
    let kept = match row.and_then(|r| r.kept) {
        Some(true) => ", в срок",
        Some(false) => ", не в срок",
        None => "",
    };
    let who = a.assignee.as_deref().map(|id| format!(" · {}", name_of(settings, id))).unwrap_or_default();
    format!(
        "<section class=\"way\" id=\"a{n}\">\n<h3>№ {n}. {}</h3>\n<p class=\"sub\">{}{} · <span class=\"state{}\">{}{kept}</span></p>\n<ol>\n{lines}</ol>\n</section>\n",
        escaped(&capital(&title)),
        escaped(a.category.title()),
        escaped(&who),
        match (a.open(), row.and_then(|r| r.kept)) {
            (_, Some(false)) => " late",
            (true, _) => " open",
            _ => "",
        },
        escaped(a.state.title()),
        n = a.number
    )
}

fn people(settings: &Settings) -> String {
    let list: String = settings.staff.iter().map(|p| format!("<li><b>{}</b><br><span>{}</span></li>\n", escaped(&p.name), escaped(&p.post))).collect();
    format!(
        "<h2>Школа и её люди</h2>\n<p class=\"lead\">{}, {}. Общий ящик {}. Часы консультаций и замены записаны в <code>rules/specialists.toml</code>.</p>\n<ul class=\"people\">\n{list}</ul>\n",
        escaped(&settings.school),
        escaped(&settings.phone),
        escaped(&settings.address)
    )
}

const FOOTER: &str = "<footer>Все письма лежат рядом: пришедшие в папке <code>incoming</code>, отправленные в <code>letters</code>, каждое как страница и как файл .eml. \
    Ход событий для машины: <a href=\"transcript.jsonl\">transcript.jsonl</a>. \
    Чтобы попробовать на своей почте: <code>otklik init</code>, затем <code>otklik rehearse</code>.</footer>\n</main>\n";

/// With a capital first letter.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn short(date: NaiveDate) -> &'static str {
    pick(date, ["пн", "вт", "ср", "чт", "пт", "сб", "вс"])
}

fn long(date: NaiveDate) -> &'static str {
    pick(date, ["Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье"])
}

fn pick(date: NaiveDate, names: [&'static str; 7]) -> &'static str {
    names.get(date.weekday().num_days_from_monday() as usize).copied().unwrap_or("")
}
