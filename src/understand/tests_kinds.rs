//! Tests of the eight kinds on letters as bytes: machines without automatic headers, bounces, calendars, receipts, tricks, and people who sound like them.

use super::tests::read_with;
use super::tests_answers::all_right;
use super::*;
use crate::message;

/// A raw letter: headers (one a line), an empty line, the text.
pub(super) fn raw(text: &str) -> Understanding {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut head = head.to_owned();
    if !head.to_lowercase().contains("content-type:") {
        head.push_str("\nContent-Type: text/plain; charset=utf-8");
    }
    let bytes =
        format!("Date: Wed, 18 Nov 2026 10:00:00 +0300\nMessage-ID: <m@mail.example>\nTo: office@school.example\n{head}\n\n{body}\n").replace('\n', "\r\n");
    let sent = [Sent { message_id: "a1@school.example".into(), to: Some("anna@mail.example".into()), ics_uid: Some("uid-1".into()), ..Sent::default() }];
    read_with(&message::read(bytes.as_bytes()), &sent)
}

type Case = (&'static str, Kind);

const FIRST: &[Case] = &[
    (
        "From: Анна <anna@mail.example>\nSubject: Re: Консультация\n\nЗдравствуйте! Я сейчас в отпуске, вернусь 2 декабря. По срочным вопросам звоните 8 900 000-11-22.",
        Kind::AutoReply,
    ),
    (
        "From: Анна <anna@mail.example>\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nДобрый день! Благодарю за Ваше письмо. Нахожусь в командировке до 25 ноября, доступ к почте ограничен. Отвечу по возвращении.",
        Kind::AutoReply,
    ),
    (
        "From: Анна <anna@mail.example>\nSubject: Меня нет в офисе Re: Консультация\n\nМеня нет в офисе с 16 по 20 ноября. Мой коллега Пётр ответит на вопросы: petr@firm.example.",
        Kind::AutoReply,
    ),
    ("From: Анна <anna@mail.example>\nSubject: Автоматический ответ: Консультация\n\nЯ на больничном.", Kind::AutoReply),
    (
        "From: Ольга <olga@mail.example>\nSubject: Re: Ваше обращение принято\n\nВаше письмо получено и будет прочитано в ближайшее время. Это автоматическое сообщение, отвечать на него не нужно.",
        Kind::AutoReply,
    ),
    ("From: anna@mail.example\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nя в отпуске до 14-го, давайте потом", Kind::ReplyToThread),
    (
        "From: anna@mail.example\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nЯ сейчас в командировке до пятницы, можно перенести на следующую неделю?",
        Kind::ReplyToThread,
    ),
    (
        "From: anna@mail.example\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nМы на больничном до понедельника, придём после. Спасибо",
        Kind::ReplyToThread,
    ),
    ("From: anna@mail.example\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nОтвечу позже, сейчас за рулём", Kind::ReplyToThread),
    (
        "From: anna@mail.example\nSubject: Отпуск в учебное время\n\nЗдравствуйте! Мы уезжаем в отпуск с 1 по 12 декабря. Какое заявление написать на имя директора?",
        Kind::NewAppeal,
    ),
    (
        "From: mailer-daemon@mail.example\nSubject: Mail failure.\n\nЭто письмо создано автоматически сервером.\nК сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:\n\n**********************\nanna@mail.example:\nПользователь не найден\n**********************",
        Kind::Bounce,
    ),
    (
        "From: Mail Delivery Subsystem <postmaster@relay.example>\nSubject: Недоставленное сообщение\n\nВаше сообщение не доставлено следующим получателям: anna@mail.example. Почтовый ящик переполнен.",
        Kind::Bounce,
    ),
    (
        "From: Почтовая система <postmaster@mail.example>\nSubject: Доставка сообщения задерживается\n\nСообщение для anna@mail.example пока не доставлено. Попытки доставки будут продолжаться ещё 3 дня.",
        Kind::Bounce,
    ),
    (
        "From: MAILER-DAEMON@relay.example\nSubject: Warning: message 1abc delayed 24 hours\n\nThis message was created automatically by mail delivery software. Your message has not yet been delivered to anna@mail.example. No action is required on your part.",
        Kind::Bounce,
    ),
    (
        "From: Анна <anna@mail.example>\nSubject: Не доставлено письмо классному\n\nЗдравствуйте! Мне пришло, что моё письмо не может быть доставлено классному руководителю. Подскажите верный адрес, 5А.",
        Kind::NewAppeal,
    ),
    (
        "From: Анна <anna@mail.example>\nSubject: Прочитано: Консультация педагога-психолога\n\nВаше сообщение\n\n  Кому: Анна\n  Тема: Консультация педагога-психолога\n\nбыло прочитано 18 ноября 2026 г. в 9:58.",
        Kind::AutoReply,
    ),
    ("From: Анна <anna@mail.example>\nSubject: Read: Consultation\n\nYour message was read on Wednesday, November 18, 2026 9:58 AM.", Kind::AutoReply),
    (
        "From: Анна <anna@mail.example>\nSubject: Уведомление о прочтении\n\nЭто уведомление о том, что письмо, отправленное 17.11.2026 на адрес anna@mail.example, было открыто получателем.",
        Kind::AutoReply,
    ),
    (
        "From: Поддержка <help@lms.example>\nSubject: [#48213] Ваша заявка зарегистрирована\n\nЗдравствуйте! Ваша заявка зарегистрирована под номером 48213. Мы ответим в течение двух рабочих дней.",
        Kind::AutoReply,
    ),
    (
        "From: Служба поддержки <support@service.example>\nSubject: Обращение № 7712 принято\n\nСпасибо за обращение в службу поддержки! Вашему обращению присвоен номер 7712. Статус можно посмотреть в личном кабинете.",
        Kind::AutoReply,
    ),
    (
        "From: Поддержка <help@lms.example>\nSubject: Re: [#48213] Вопрос решён\n\nВаше обращение №48213 закрыто. Оцените, пожалуйста, качество работы специалиста: http://lms.example/rate",
        Kind::AutoReply,
    ),
    (
        "From: Служба безопасности <security@mail-check.example>\nSubject: Ваш почтовый ящик будет заблокирован\n\nУважаемый пользователь! Ваш почтовый ящик будет заблокирован в течение 24 часов. Для продолжения работы подтвердите пароль: http://mail-check.example/login",
        Kind::SpamOrList,
    ),
    (
        "From: Госуслуги <info@gosuslugi-lk.example>\nSubject: Вам начислена выплата\n\nВам одобрена социальная выплата 12 400 руб. Для получения укажите номер карты и код из СМС по ссылке http://pay.example",
        Kind::SpamOrList,
    ),
    (
        "From: Бухгалтерия <buh@firma.example>\nSubject: Счёт на оплату\n\nДобрый день! Во вложении счёт на оплату № 118 и акт сверки. Просим оплатить до конца недели. Ссылка для скачивания: http://files.example/118.zip",
        Kind::SpamOrList,
    ),
    (
        "From: Учебный центр <info@center.example>\nSubject: Повышение квалификации педагогов\n\nПриглашаем педагогов на курсы повышения квалификации, 72 часа, удостоверение установленного образца. Скидка 30 % до конца месяца.",
        Kind::SpamOrList,
    ),
    (
        "From: ООО Мебель <sale@mebel.example>\nSubject: Парты и стулья\n\nКомпания предлагает школьную мебель от производителя. Прайс-лист во вложении. Доставка по России.",
        Kind::SpamOrList,
    ),
    (
        "From: anna@mail.example\nSubject: Мошенники\n\nЗдравствуйте! Дочери в чат класса прислали ссылку «подтвердите пароль от дневника», она ввела пароль. Что делать? 7В",
        Kind::NewAppeal,
    ),
    (
        "From: anna@mail.example\nSubject: Accepted: Консультация\nContent-Type: text/calendar; charset=utf-8\n\nBEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:uid-1\nDTSTAMP:20261118T070000Z\nDTSTART:20261120T110000Z\nORGANIZER:mailto:office@school.example\nATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@mail.example\nEND:VEVENT\nEND:VCALENDAR",
        Kind::CalendarReply,
    ),
    (
        "From: anna@mail.example\nSubject: Accepted: Консультация\nContent-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: text/plain; charset=utf-8\n\nАнна приняла приглашение\n--q\nContent-Type: application/octet-stream; name=\"reply.dat\"\nContent-Disposition: attachment; filename=\"reply.dat\"\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:uid-1\nDTSTAMP:20261118T070000Z\nDTSTART:20261120T110000Z\nATTENDEE;PARTSTAT=DECLINED:mailto:anna@mail.example\nEND:VEVENT\nEND:VCALENDAR\n--q--",
        Kind::CalendarReply,
    ),
    (
        "From: anna@mail.example\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:uid-1\nDTSTAMP:20261118T070000Z\nDTSTART:20261120T110000Z\nATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@mail.example\nEND:VEVENT\nEND:VCALENDAR",
        Kind::CalendarReply,
    ),
    (
        "From: Классный <klass@other.example>\nSubject: Приглашение: Собрание\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:foreign\nDTSTAMP:20261118T070000Z\nDTSTART:20261120T110000Z\nSUMMARY:Собрание\nORGANIZER:mailto:klass@other.example\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:office@school.example\nEND:VEVENT\nEND:VCALENDAR",
        Kind::NewAppeal,
    ),
    (
        "From: Т. Белова <belova@school.example>\nSubject: просьба\n\nПодошла мама Ковалёва Пети (3Б), просит логопеда, телефон 8 900 000-45-67. Передаю.",
        Kind::StaffForm,
    ),
    (
        "From: anna@mail.example\nSubject: Re: Ваше обращение\n\nДа, согласна.\n\nСреда, 18 ноября 2026, 9:00 +03:00 от Приёмная <office@school.example>:\n\nПредлагаем время.",
        Kind::ReplyToThread,
    ),
    ("From: Другой <papa@other.example>\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nЭто отец, мы придём вместе.", Kind::ReplyToThread),
    (
        "From: anna@mail.example\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nЗдравствуйте! Прошлый вопрос мы давно решили, спасибо. Теперь другая беда: у сына в 5А не открывается электронный дневник, пароль не подходит, восстановить его не получается уже неделю, домашнее задание посмотреть не можем. Помогите, пожалуйста, восстановить доступ.\n\n17.03.2026 10:00, Приёмная <office@school.example> пишет:\n> Консультация состоится 20 марта.",
        Kind::NewAppeal,
    ),
];

pub(super) fn judge(cases: &[Case]) -> Vec<String> {
    cases
        .iter()
        .filter_map(|(text, wanted)| {
            let u = raw(text);
            (u.kind != Some(*wanted)).then(|| format!("{}: {:?} instead of {wanted:?} ({})", text.replace('\n', " / "), u.kind, u.reasons.join("; ")))
        })
        .collect()
}

#[test]
fn kinds_of_the_first_set() {
    let wrong = judge(FIRST);
    all_right("kinds 1", FIRST.len(), &wrong);
}

#[test]
fn bounces_of_the_first_set() {
    let report = |blocks: &str| {
        format!(
            "From: MAILER-DAEMON@relay.example\nSubject: Undelivered Mail Returned to Sender\nContent-Type: multipart/report; report-type=delivery-status; boundary=q\n\n--q\nContent-Type: text/plain; charset=utf-8\n\nSorry.\n--q\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n\n{blocks}\n--q--"
        )
    };
    let text = |subject: &str, body: &str| format!("From: mailer-daemon@mail.example\nSubject: {subject}\n\n{body}");
    let cases = [
        (
            report(
                "Final-Recipient: rfc822; zam@school.example\nAction: delivered\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; anna@mail.example\nAction: failed\nStatus: 5.1.1",
            ),
            BounceClass::Hard,
            "anna@mail.example",
            "5.1.1",
        ),
        (
            report(
                "Final-Recipient: rfc822; anna@mail.example\nAction: delayed\nStatus: 4.4.1\n\nFinal-Recipient: rfc822; oleg@mail.example\nAction: failed\nStatus: 5.7.1",
            ),
            BounceClass::Hard,
            "oleg@mail.example",
            "5.7.1",
        ),
        (
            report("Original-Recipient: rfc822;anna@mail.example\nFinal-Recipient: rfc822;anna@mail.example\nAction: delayed\nStatus: 4.2.0"),
            BounceClass::Delayed,
            "anna@mail.example",
            "4.2.0",
        ),
        (
            text(
                "Mail failure.",
                "Ваше письмо не может быть доставлено:\n\nanna@mail.example:\nbox is full: retry timeout exceeded\nПочтовый ящик получателя переполнен",
            ),
            BounceClass::Soft,
            "anna@mail.example",
            "",
        ),
        (
            text("Mail failure.", "Ваше письмо не может быть доставлено:\n\nanna@mail.example:\nhost mx.mail.example said: 550 5.1.1 User unknown"),
            BounceClass::Hard,
            "anna@mail.example",
            "5.1.1",
        ),
        (
            text("Доставка отложена", "Ваше письмо для anna@mail.example ещё не доставлено, сервер повторит попытку."),
            BounceClass::Delayed,
            "anna@mail.example",
            "",
        ),
    ];
    let mut wrong = Vec::new();
    for (letter, class, recipient, status) in &cases {
        let u = raw(letter);
        let got = u.bounce.map(|b| (b.class, b.recipient.unwrap_or_default(), b.status.unwrap_or_default()));
        if got != Some((*class, (*recipient).to_owned(), (*status).to_owned())) {
            wrong.push(format!("{}: {got:?}", letter.replace('\n', " / ")));
        }
    }
    all_right("bounces 1", cases.len(), &wrong);
}

#[test]
fn letters_without_words() {
    let with = |kind: &str, text: &str| {
        format!(
            "From: Анна <anna@mail.example>\nSubject: \nContent-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: text/plain; charset=utf-8\n\n{text}\n--q\nContent-Type: {kind}; name=\"x\"\nContent-Disposition: attachment; filename=\"x\"\n\nabc\n--q--"
        )
    };
    let cases = [
        with("image/jpeg", ""),
        with("audio/ogg", ""),
        with("application/pdf", "Отправлено с iPhone"),
        with("image/png", "--\nОтправлено из Mail.ru для Android"),
        with("video/mp4", "."),
    ];
    let mut wrong = Vec::new();
    for letter in &cases {
        let u = raw(letter);
        if u.kind != Some(Kind::NewAppeal) || u.confidence > 0.35 || !u.reasons.iter().any(|r| r.contains("без слов")) {
            wrong.push(format!("{}: {:?} {} {:?}", letter.replace('\n', " / "), u.kind, u.confidence, u.reasons));
        }
    }
    all_right("no words 1", cases.len(), &wrong);
}

const SECOND: &[Case] = &[
    (
        "From: Анна <anna@mail.example>\nSubject: Отсутствие на рабочем месте\n\nДобрый день! С 10 по 24 ноября нахожусь в ежегодном отпуске. По всем вопросам обращайтесь к Марине Петровой, тел. 8 900 000-33-44.",
        Kind::AutoReply,
    ),
    (
        "From: anna@mail.example\nSubject: Re: Консультация педагога-психолога\nIn-Reply-To: <a1@school.example>\n\nСпасибо за ваше сообщение. Я не проверяю почту до 1 декабря. С уважением, Анна",
        Kind::AutoReply,
    ),
    ("From: anna@mail.example\nSubject: Re: Консультация\n\nI am out of office until 25 November with limited access to email.", Kind::AutoReply),
    (
        "From: anna@mail.example\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nЯ на вахте до 10 декабря, со связью плохо, может жена подойти?",
        Kind::ReplyToThread,
    ),
    (
        "From: anna@mail.example\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nНахожусь на больничном, поэтому в пятницу не смогу. Давайте на следующей неделе",
        Kind::ReplyToThread,
    ),
    (
        "From: anna@mail.example\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nНас не будет в городе до 5 декабря, потом удобно любое время",
        Kind::ReplyToThread,
    ),
    (
        "From: anna@mail.example\nSubject: Отсутствие в школе\n\nДобрый день! Сын будет отсутствовать с 19 по 21 ноября по семейным обстоятельствам, 4А. Нужно ли заявление?",
        Kind::NewAppeal,
    ),
    (
        "From: MAILER-DAEMON@mx.example\nSubject: Returned mail: see transcript for details\n\n----- The following addresses had permanent fatal errors -----\n<anna@mail.example>\n(reason: 550 User not found)",
        Kind::Bounce,
    ),
    (
        "From: Mail Delivery System <noreply@relay.example>\nSubject: Письмо не доставлено\n\nНе удалось доставить ваше сообщение. Адрес не найден: anna@mail.example",
        Kind::Bounce,
    ),
    (
        "From: postmaster@relay.example\nSubject: Delivery Status Notification (Delay)\n\nDelivery to the following recipient has been delayed: anna@mail.example",
        Kind::Bounce,
    ),
    (
        "From: anna@mail.example\nSubject: Письмо не дошло\n\nДобрый день, я писала вам неделю назад, ответа нет. Мой адрес переполнен не был. Вы получили моё письмо про дневник сына?",
        Kind::NewAppeal,
    ),
    (
        "From: Анна <anna@mail.example>\nSubject: Подтверждение прочтения: Консультация\n\nПользователь anna@mail.example прочитал ваше письмо 18.11.2026.",
        Kind::AutoReply,
    ),
    ("From: Анна <anna@mail.example>\nSubject: Прочитано: Консультация\n\n", Kind::AutoReply),
    ("From: anna@mail.example\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nПрочитала, спасибо, будем.", Kind::ReplyToThread),
    (
        "From: Техподдержка <support@portal.example>\nSubject: Ваш запрос №5531 принят в работу\n\nДобрый день! Ваш запрос принят в работу. Ответ поступит на этот адрес.",
        Kind::AutoReply,
    ),
    (
        "From: HelpDesk <hd@portal.example>\nSubject: [Ticket#20261118] Обращение зарегистрировано\n\nНе отвечайте на это письмо. Вашей заявке присвоен номер 20261118.",
        Kind::AutoReply,
    ),
    (
        "From: anna@mail.example\nSubject: Моё обращение № 2026-0114\n\nЗдравствуйте! Моё обращение зарегистрировано две недели назад, а дневник сына так и не открывается. 5А",
        Kind::NewAppeal,
    ),
    (
        "From: Почта <admin@mail-service.example>\nSubject: Превышен лимит\n\nВаш ящик переполнен. Чтобы не потерять письма, нажмите на ссылку и введите пароль: http://mail-service.example/q",
        Kind::SpamOrList,
    ),
    (
        "From: Банк <info@bank-online.example>\nSubject: Подозрительный вход\n\nЗамечен подозрительный вход в ваш аккаунт. Подтвердите данные карты: http://bank-online.example",
        Kind::SpamOrList,
    ),
    (
        "From: Курсы <edu@courses.example>\nSubject: Вебинар для учителей\n\nПриглашаем на бесплатный вебинар для педагогов. Регистрация по ссылке http://courses.example. Отписаться от рассылки можно здесь.",
        Kind::SpamOrList,
    ),
    (
        "From: Экскурсии <tour@trip.example>\nSubject: Экскурсии для школьных групп\n\nПредлагаем вашей школе экскурсии по выгодным ценам. Каталог во вложении, звоните!",
        Kind::SpamOrList,
    ),
    (
        "From: anna@mail.example\nSubject: курсы\n\nПодскажите, есть ли в школе курсы подготовки к ОГЭ по математике для 9 класса? Дочь отстаёт.",
        Kind::NewAppeal,
    ),
    (
        "From: anna@mail.example\nSubject: Declined: Консультация\nContent-Type: multipart/alternative; boundary=q\n\n--q\nContent-Type: text/plain; charset=utf-8\n\nНе смогу\n--q\nContent-Type: application/octet-stream\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:uid-1\nDTSTAMP:20261118T070000Z\nDTSTART:20261120T110000Z\nATTENDEE;PARTSTAT=DECLINED:mailto:anna@mail.example\nEND:VEVENT\nEND:VCALENDAR\n--q--",
        Kind::CalendarReply,
    ),
    (
        "From: anna@mail.example\nSubject: Консультация\nContent-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: text/plain; charset=utf-8\n\nпринято\n--q\nContent-Type: text/calendar; charset=utf-8; name=invite.ics\n\nBEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:other\nDTSTAMP:20261118T070000Z\nDTSTART:20261120T110000Z\nORGANIZER:MAILTO:office@school.example\nATTENDEE;PARTSTAT=TENTATIVE:MAILTO:anna@mail.example\nEND:VEVENT\nEND:VCALENDAR\n--q--",
        Kind::CalendarReply,
    ),
    (
        "From: anna@mail.example\nSubject: ещё вопрос\nIn-Reply-To: <a1@school.example>\n\nДобрый день! Пишу уже по другому вопросу: у дочки в 3В не выдали ноутбук на время карантина, а дома только телефон. Как его получить и какие документы нужны?",
        Kind::NewAppeal,
    ),
    (
        "From: anna@mail.example\nSubject: Re: Консультация\n\nСр, 18 нояб. 2026 г. в 09:00, Приёмная <office@school.example>:\n> Подойдёт ли вам пятница?\nДа, вполне\n> С кем вы придёте?\nС бабушкой",
        Kind::ReplyToThread,
    ),
    (
        "From: М. Титова <titova@school.example>\nSubject: Fwd: не заходит\n\nКоллеги, это вам.\n\n> Начало переадресованного сообщения:\n> \n> От: Ольга <olga@mail.example>\n> Тема: не заходит\n> Дата: 17 ноября 2026 г. в 20:15:00 GMT+3\n> Кому: titova@school.example\n> \n> Здравствуйте, сын не может зайти в дневник, 5Б.",
        Kind::StaffForm,
    ),
];

#[test]
fn kinds_of_the_second_set() {
    let wrong = judge(SECOND);
    all_right("kinds 2", SECOND.len(), &wrong);
}

/// People who sound like machines, and machines that sound like people.
const THIRD: &[Case] = &[
    ("From: anna@mail.example\nSubject: Обращение\n\nМне ответили «ваше обращение принято», прошло три недели, тишина. Когда ждать ответа?", Kind::NewAppeal),
    (
        "From: anna@mail.example\nSubject: счёт\n\nДобрый день! Прислали счёт на оплату продлёнки, а мы её не посещали. Прошу оплатить не заставлять, разберитесь?",
        Kind::NewAppeal,
    ),
    ("From: anna@mail.example\nSubject: Пароль\n\nЗдравствуйте! Дневник пишет «учётная запись заблокирована, подтвердите пароль». Как войти?", Kind::NewAppeal),
    ("From: anna@mail.example\nSubject: Отпуск\n\nМы в отпуске до 5 декабря, пришлите, пожалуйста, задания по русскому и математике, 2Б.", Kind::NewAppeal),
    ("From: anna@mail.example\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nЯ в командировке, подойдёт отец.", Kind::ReplyToThread),
    (
        "From: anna@mail.example\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nБуду в отпуске, но по видео смогу, ссылку пришлите",
        Kind::ReplyToThread,
    ),
    (
        "From: anna@mail.example\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nПрочла ваше письмо, отвечу вечером, когда муж вернётся",
        Kind::ReplyToThread,
    ),
    ("From: anna@mail.example\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nБуду на работе до 18, раньше никак", Kind::ReplyToThread),
    (
        "From: Роман <roman@corp.example>\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nКоллеги, я в отпуске с 16.11 по 29.11. По вопросам закупок пишите Ольге, olga@corp.example.",
        Kind::AutoReply,
    ),
    (
        "From: Роман <roman@corp.example>\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nУважаемые коллеги! В настоящее время я отсутствую. Вернусь 30.11.",
        Kind::AutoReply,
    ),
    (
        "From: anna@mail.example\nSubject: Re: Консультация\nIn-Reply-To: <a1@school.example>\n\nЭтот ящик больше не используется, пишите на novyi@mail.example",
        Kind::AutoReply,
    ),
    ("From: anna@mail.example\nSubject: скидка\n\nПодскажите, есть ли скидка на питание для многодетных? 3А", Kind::NewAppeal),
    (
        "From: anna@mail.example\nSubject: вебинар\n\nЗдравствуйте, не могу подключиться к вашему вебинару для родителей, ссылка не открывается.",
        Kind::NewAppeal,
    ),
    ("From: anna@mail.example\nSubject: Мошенники\n\nЗдравствуйте! Звонят якобы из школы, просят код из СМС. Это вы?", Kind::NewAppeal),
    ("From: anna@mail.example\nSubject: Re: Консультация\n\nДа, подтверждаю. Анна Ухова\n\n> Здравствуйте! Предлагаем 20 ноября, 14:00.", Kind::ReplyToThread),
    ("From: Стас <stas@mail.example>\nSubject: \n\nЖурнал закрыт? Оценку за четверть не вижу. Стас, 8Б", Kind::NewAppeal),
    ("From: info@firma.example\nSubject: Этот ящик не читают\n\nВы написали в ящик, который никто не читает. Звоните по телефону на сайте.", Kind::AutoReply),
    ("From: anna@mail.example\nSubject: Почта школы\n\nПишу вторую неделю на школьный ящик, никто не читает. Мне нужна справка.", Kind::NewAppeal),
    (
        "From: МФЦ <robot@mfc.example>\nSubject: Статус заявления\n\nУважаемый заявитель! Ваше заявление № 55-12 принято и зарегистрировано. Данное письмо сформировано автоматически.",
        Kind::AutoReply,
    ),
    (
        "From: Доставка <info@post-delivery.example>\nSubject: Посылка ожидает\n\nВаша посылка задержана на складе. Оплатите пошлину 49 руб. по ссылке http://post-delivery.example",
        Kind::SpamOrList,
    ),
    (
        "From: Директор <direktor.shkola@mail.example>\nSubject: Срочно\n\nКоллега, переведите 15 000 на карту, номер карты пришлю, отчитаюсь вечером. Никому не говорите.",
        Kind::SpamOrList,
    ),
    (
        "From: ИП Смирнов <smirnov@print.example>\nSubject: Печать фотоальбомов\n\nЗдравствуйте! Изготавливаем выпускные альбомы для школ. Скидки до 20 %. Каталог на сайте http://print.example. Будем рады сотрудничеству.",
        Kind::SpamOrList,
    ),
];

#[test]
fn kinds_of_the_third_set() {
    let wrong = judge(THIRD);
    all_right("kinds 3", THIRD.len(), &wrong);
}
