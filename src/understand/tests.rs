//! Tests of whole letters: kinds, threads, forms, letters passed on, surveys, what `explain --json` prints. All people are invented.

use super::*;
use crate::message::{self, Address, Body, CalendarPart, Message, Origin, Robot};
use chrono_tz::Europe::Moscow;

pub(super) fn letter(from: &str, subject: &str, own: &str) -> Message {
    let (name, email) = from.split_once('<').map_or((None, from), |(n, e)| (Some(n.trim().to_owned()), e.trim_end_matches('>')));
    Message {
        message_id: Some("m1@mail.example".into()),
        from: vec![Address { name, email: email.to_owned() }],
        from_fields: 1,
        subject: subject.to_owned(),
        date: chrono::DateTime::parse_from_rfc3339("2026-11-18T10:00:00+03:00").ok(),
        body: Body { whole: own.to_owned(), own: own.to_owned(), ..Body::default() },
        ..Message::default()
    }
}

pub(super) fn read_with(message: &Message, sent: &[Sent]) -> Understanding {
    let (own, domains, phones) = (["office@school.example".to_owned()], ["school.example".to_owned()], ["+74950001200".to_owned()]);
    let context = Context { own: &own, staff_domains: &domains, school_phones: &phones, sent, zone: Some(Moscow), ..Context::default() };
    understand(&Topics::embedded(), message, &context)
}

pub(super) fn read(message: &Message) -> Understanding {
    read_with(message, &[])
}

pub(super) fn sent() -> Sent {
    Sent {
        message_id: "a1@school.example".into(),
        to: Some("anna@mail.example".into()),
        subject: Some("Консультация педагога-психолога: 20 ноября, 14:00".into()),
        ics_uid: Some("uid-1".into()),
        ..Sent::default()
    }
}

#[test]
fn a_new_appeal_is_read_in_full() {
    let m = letter(
        "Анна Ухова <anna@mail.example>",
        "Дневник",
        "Здравствуйте! У дочери (Ухова Варвара, 5 «Б») в электронном дневнике пропали оценки. Позвоните, пожалуйста, завтра после 18: 8 900 000-45-67.",
    );
    let u = read(&m);
    assert_eq!((u.kind, u.category, u.role), (Some(Kind::NewAppeal), Some(Category::Ejournal), Role::Parent));
    assert_eq!(
        (u.name.as_deref(), u.class.as_deref(), u.phone.as_deref(), u.child.as_deref()),
        (Some("Анна Ухова"), Some("5Б"), Some("+79000004567"), Some("Ухова Варвара"))
    );
    assert_eq!((u.channel, u.times.len(), u.urgent, u.ignored), (Some(Channel::Phone), 1, false, None));
    assert!(u.reasons.iter().any(|r| r.contains("дневник")), "{:?}", u.reasons);
}

#[test]
fn own_letters_are_echoes() {
    assert_eq!(read(&letter("office@school.example", "Ваше обращение", "Здравствуйте")).ignored, Some("own_echo"));
    let mut m = letter("robot@list.example", "Fwd", "Здравствуйте");
    m.message_id = Some("a1@school.example".into());
    assert_eq!(read_with(&m, &[sent()]).ignored, Some("own_echo"));
}

#[test]
fn threads_are_found_by_id_and_by_subject() {
    let mut m = letter("anna@mail.example", "Re: что угодно", "Да, подходит.");
    m.in_reply_to = vec!["a1@school.example".into()];
    let u = read_with(&m, &[sent()]);
    assert_eq!((u.kind, u.thread.as_deref(), u.intent), (Some(Kind::ReplyToThread), Some("a1@school.example"), Intent::Accept));
    let m = letter("anna@mail.example", "Re: Консультация педагога-психолога: 20 ноября, 14:00", "Не смогу в пятницу, лучше в понедельник после 15.");
    let u = read_with(&m, &[sent()]);
    assert_eq!((u.kind, u.intent, u.times.len()), (Some(Kind::ReplyToThread), Intent::Reschedule, 2));
    let stranger = letter("eve@mail.example", "Консультация педагога-психолога: 20 ноября, 14:00", "Сын плачет каждое утро, помогите.");
    assert_eq!(read_with(&stranger, &[sent()]).thread, None, "a stranger with our subject is in nobody's thread");
}

#[test]
fn intents_of_answers() {
    let table = [
        ("Да, подходит", Intent::Accept),
        ("1", Intent::Accept),
        ("👍", Intent::Accept),
        ("Ознакомлена. Ухова", Intent::Accept),
        ("К сожалению, не смогу", Intent::Decline),
        ("Можно перенести на пятницу?", Intent::Reschedule),
        ("Спасибо большое, всё получилось!", Intent::Thanks),
        ("Не помогло, всё равно не открывается", Intent::NotHelped),
        ("До сих пор не работает", Intent::NotHelped),
        ("К сожалению, не помогло: отметок нет", Intent::NotHelped),
        ("Уже не нужно, вопрос решился", Intent::Withdraw),
        ("А какой кабинет?", Intent::Question),
        ("Никто не позвонил, мы ждали", Intent::NoShow),
        ("Вы ошиблись адресом, у меня нет детей", Intent::WrongPerson),
        ("Отзываю согласие на обработку данных", Intent::DataWithdrawal),
        ("Прошла неделя, ответа нет", Intent::Complaint),
        ("Инвентарный номер 0147", Intent::Info),
    ];
    for (text, wanted) in table {
        let mut m = letter("anna@mail.example", "Re: Ваше обращение", text);
        m.in_reply_to = vec!["a1@school.example".into()];
        assert_eq!(read_with(&m, &[sent()]).intent, wanted, "{text}");
    }
    let mut m = letter("i.spec@school.example", "Re: Поручение", "Консультацию провела, прошу закрыть.");
    m.in_reply_to = vec!["a1@school.example".into()];
    assert_eq!(read_with(&m, &[sent()]).intent, Intent::CloseReport);
}

#[test]
fn machines_are_not_people() {
    let mut m = letter("anna@mail.example", "Re: Консультация", "Я в отпуске до 25 ноября, отвечу после возвращения.");
    assert_eq!((read(&m).kind, read(&m).ignored), (Some(Kind::AutoReply), Some("auto_reply")), "without any header");
    m.origin = Origin::Robot(Robot::AutoReply);
    assert_eq!(read(&m).kind, Some(Kind::AutoReply));
    let mut m = letter("news@firm.example", "Скидки", "Предлагаем вашей школе мебель. Чтобы отписаться от рассылки, перейдите по ссылке http://firm.example");
    assert_eq!((read(&m).kind, read(&m).ignored), (Some(Kind::SpamOrList), Some("spam")));
    m.origin = Origin::Robot(Robot::List);
    assert_eq!(read(&m).ignored, Some("list"));
    let holiday = letter("anna@mail.example", "Отпуск", "Здравствуйте! Мы с сыном в отпуске с 1 по 10 декабря, 5А. Какие темы пройдёт класс по математике?");
    assert_eq!(read(&holiday).kind, Some(Kind::NewAppeal), "a parent on holiday is no robot");
    let mut spam = letter("anna@mail.example", "Помогите", "Мой сын не может войти в дневник, 5А.");
    spam.origin = Origin::Robot(Robot::Spam);
    assert_eq!(read(&spam).kind, Some(Kind::NewAppeal), "the provider's mark locks no family out");
}

#[test]
fn bounces() {
    let mut m = letter(
        "mailer-daemon@corp.mail.example",
        "Mail failure.",
        "Ваше письмо не может быть доставлено одному или нескольким получателям:\n\nanna@mail.example:\ninvalid mailbox. User not found\n\n------ Это копия Вашего письма ------\nFrom: office@school.example",
    );
    let u = read(&m);
    let bounce = u.bounce.unwrap();
    assert_eq!((u.kind, bounce.class, bounce.recipient.as_deref()), (Some(Kind::Bounce), BounceClass::Hard, Some("anna@mail.example")));
    m.report = Some("Final-Recipient: rfc822; anna@mail.example\nAction: delayed\nStatus: 4.4.1".into());
    m.returned_id = Some("a1@school.example".into());
    let u = read(&m);
    let bounce = u.bounce.unwrap();
    assert_eq!((bounce.class, bounce.status.as_deref(), u.thread.as_deref()), (BounceClass::Delayed, Some("4.4.1"), Some("a1@school.example")));
    m.report = Some("Final-Recipient: rfc822; anna@mail.example\nAction: failed\nStatus: 5.2.2".into());
    assert_eq!(read(&m).bounce.unwrap().class, BounceClass::Soft);
}

#[test]
fn calendar_answers_win_over_automatic_marks() {
    let ics = "BEGIN:VCALENDAR\r\nMETHOD:COUNTER\r\nBEGIN:VEVENT\r\nUID:uid-1\r\nDTSTAMP:20261118T070000Z\r\nDTSTART:20261123T130000Z\r\nDTEND:20261123T134000Z\r\nATTENDEE;PARTSTAT=TENTATIVE:mailto:anna@mail.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let mut m = letter("Анна Ухова <anna@mail.example>", "Предложено новое время", "");
    m.origin = Origin::Robot(Robot::AutoReply);
    m.calendars = vec![CalendarPart { method: Some("COUNTER".into()), bytes: ics.into() }];
    let u = read_with(&m, &[sent()]);
    assert_eq!((u.kind, u.intent, u.thread.as_deref()), (Some(Kind::CalendarReply), Intent::Reschedule, Some("a1@school.example")));
    let json = explain_json("x.eml", &u, Moscow);
    assert_eq!(json["times"][0], serde_json::json!({"date": "2026-11-23", "after": "16:00", "before": "16:40"}));
    assert_eq!(json["calendar"]["start"], "2026-11-23T16:00:00+03:00");
    assert_eq!(json["category"], serde_json::Value::Null);
}

const SITE: &str = "1. ФИО: Ухова Анна Петровна\n2. Вы являетесь: родителем\n3. Класс, в котором Вы обучаетесь: -\n4. Класс, в котором обучается Ваш ребенок: 4в\n5. Тип обращения: иные вопросы\n6. Опишите Вашу проблему: Сын не выговаривает р,\nкак записаться?\n7. Телефон для обратной связи: 8 900 000 45 67 (после шести вечера)\n8. Адрес электронной почты: Anna@Mail.example\n";

#[test]
fn forms() {
    let u = read(&letter("Сайт школы <noreply@school.example>", "Обратная связь", SITE));
    assert_eq!(
        (u.kind, u.category, u.role),
        (Some(Kind::NewAppeal), Some(Category::SpeechTherapist), Role::Parent),
        "the declared type is not believed blindly"
    );
    assert_eq!((u.name.as_deref(), u.class.as_deref(), u.contact_email.as_deref()), (Some("Ухова Анна Петровна"), Some("4В"), Some("anna@mail.example")));
    assert_eq!((u.channel, u.times.first().and_then(|w| w.after)), (Some(Channel::Phone), chrono::NaiveTime::from_hms_opt(18, 0, 0)));
    assert_eq!(u.text, "Сын не выговаривает р, как записаться?");
    let hotline = SITE.replace("ФИО:", "ФИО обратившегося:").replace("Вы являетесь: родителем", "Роль: ученик");
    let u = read(&letter("hotline@school.example", "звонок", &hotline));
    assert_eq!((u.kind, u.role), (Some(Kind::StaffForm), Role::Pupil));
    assert!(forms::read("ФИО: Ухова\nТелефон: 1").is_none(), "two fields are no form");
}

#[test]
fn letters_passed_on_belong_to_the_parent() {
    let text = "Коллеги, это к вам.\nТел. 8 900 000-99-99\n\n-------- Пересылаемое сообщение --------\n18.11.2026, 08:41, \"Анна Ухова\" <anna@mail.example>:\n\nДобрый день! Сын заикается, 3А. Телефон 8 900 000-45-67.\nАнна Ухова\n-------- Завершение пересылаемого сообщения --------\n";
    let u = read(&letter("Т. Белова <belova@school.example>", "Fwd: сын", text));
    assert_eq!((u.kind, u.category, u.role), (Some(Kind::StaffForm), Some(Category::SpeechTherapist), Role::Parent));
    assert_eq!(
        (u.name.as_deref(), u.phone.as_deref(), u.contact_email.as_deref()),
        (Some("Анна Ухова"), Some("+79000004567"), Some("anna@mail.example")),
        "never the forwarder's phone"
    );
    let mut m = letter("belova@school.example", "Fwd", "Пересылаю вложением.");
    m.forwarded = vec![letter("Анна Ухова <anna@mail.example>", "сын", "Сын заикается, 3А.")];
    assert_eq!((read(&m).kind, read(&m).name.as_deref()), (Some(Kind::StaffForm), Some("Анна Ухова")));
    let own = read(&letter(
        "Анна Ухова <anna@mail.example>",
        "Fwd: письмо",
        "Что это?\n\n---------- Forwarded message ---------\nОт: Банк <info@bank.example>\nТема: Письмо\n\nВаш счёт",
    ));
    assert_ne!(own.kind, Some(Kind::StaffForm), "a parent who forwards something is no staff");
}

#[test]
fn surveys() {
    let answers =
        "1. Ухова Анна\nорганизация консультации - 5\nпонятность рекомендаций - 4\nудобство связи - 5\n2. Больше практики\n3. Очень тепло\n4. нет\n5. да";
    let mut m = letter("anna@mail.example", "Re: Анкета для родителей", answers);
    m.in_reply_to = vec!["a1@school.example".into()];
    let u = read_with(&m, &[Sent { kind: Some("survey".into()), ..sent() }]);
    assert_eq!(u.kind, Some(Kind::SurveyAnswer));
    let survey = u.survey.unwrap();
    assert_eq!(
        (survey.score, survey.include.as_deref(), survey.recommend, survey.impression.as_deref(), survey.wishes),
        (Some(5), Some("practice"), Some(true), Some("Очень тепло"), None)
    );
    let survey = super::survey::read("Всё понравилось, ставлю пять. Теории больше не надо, а практики побольше. Знакомым порекомендую.");
    assert_eq!((survey.score, survey.include.as_deref(), survey.recommend), (Some(5), Some("practice"), Some(true)));
}

#[test]
fn complaints_name_staff_or_are_unclear() {
    let staff = [StaffName { id: "maths".into(), name: "Громова Нина Аркадьевна".into(), email: "g@school.example".into() }];
    let context = Context { staff: &staff, zone: Some(Moscow), ..Context::default() };
    let topics = Topics::embedded();
    let u = understand(&topics, &letter("anna@mail.example", "Жалоба", "Жалоба на Громову: кричит на детей, 5А."), &context);
    assert_eq!((u.complaint, u.about_staff.as_slice(), u.about_unclear), (true, ["maths".to_owned()].as_slice(), false));
    let u = understand(&topics, &letter("anna@mail.example", "Жалоба", "Жалоба на учителя физики: кричит на детей, 5А."), &context);
    assert_eq!((u.complaint, u.about_staff.len(), u.about_unclear), (true, 0, true));
}

#[test]
fn who_is_thanked_or_asked_for_is_not_what_a_complaint_is_about() {
    let name = |id: &str, name: &str| StaffName { id: id.into(), name: name.into(), email: format!("{id}@school.example") };
    let staff = [name("maths", "Громова Нина Аркадьевна"), name("psy", "Соколова Ирина Юрьевна"), name("pe", "Лесной Олег Петрович")];
    let about = |text: &str| {
        let context = Context { staff: &staff, zone: Some(Moscow), ..Context::default() };
        understand(&Topics::embedded(), &letter("anna@mail.example", "Жалоба", text), &context).about_staff
    };
    for (text, wanted) in [
        ("Жалоба на Нину Аркадьевну: оскорбляет детей. Спасибо Соколовой, она помогла дочери, 5А.", vec!["maths"]),
        ("Прошу принять меры к Громовой, хотим записаться к Соколовой.", vec!["maths"]),
        ("Претензия: Лесной толкнул сына, прошу разобраться.", vec!["pe"]),
        ("Жалуюсь на работу Громовой и Лесного.", vec!["maths", "pe"]),
        ("Возмущены тем, что Ириной Юрьевной сорван приём.", vec!["psy"]),
    ] {
        assert_eq!(about(text), wanted, "{text}");
    }
}

#[test]
fn explain_prints_exactly_the_keys() {
    let json = explain_json("dev/x.eml", &read(&letter("news@firm.example", "x", "")), Moscow);
    let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "file",
            "kind",
            "category",
            "secondary",
            "urgent",
            "wants_consultation",
            "role",
            "name",
            "class",
            "phone",
            "channel",
            "times",
            "intent",
            "thread",
            "contact_email",
            "child",
            "bounce",
            "calendar",
            "survey",
            "language",
            "confidence",
            "reasons"
        ]
    );
    assert!(json["times"].is_array() && json["urgent"].is_boolean());
}

#[test]
fn any_bytes_are_understood() {
    for bytes in [&b""[..], b"\xff\xfe\x00", b"From: a\r\nSubject: =?x?", b"Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VEVENT"] {
        let _ = read(&message::read(bytes));
    }
    let long = letter("anna@mail.example", "x", &"Помогите, у сына 5А не открывается дневник «в среду после 15». ".repeat(20_000));
    assert!(read(&long).text.len() <= 64 * 1024, "what is looked at is bounded");
}

#[test]
fn lost_marks_and_chats_are_no_lost_child() {
    let urgent = |text: &str| {
        let message = crate::message::read(format!("From: a@mail.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n").as_bytes());
        understand(&Topics::embedded(), &message, &Context::default()).urgent
    };
    assert!(!urgent("У сына в дневнике пропали оценки за неделю, верните, пожалуйста."));
    assert!(!urgent("У дочери пропали все чаты в Сферуме."));
    assert!(!urgent("У сына пропал интерес к учёбе."));
    assert!(urgent("Сын ушёл из дома вчера вечером и пропал, телефон не отвечает."));
    assert!(urgent("Пропала дочь, в школу не пришла, в чате её никто не видел."));
}
