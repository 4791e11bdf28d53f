//! Replies, machines and adverts as people and programs write them, in four sets that were written before they were tried: kind and intent. All invented.

use super::tests::read_with;
use super::tests_answers::all_right;
use super::*;
use crate::message;

/// Headers that decide, text, kind, and the intent where there is one.
type Case = (&'static str, &'static str, Kind, Option<Intent>);

const REPLY: &str = "From: Жанна Ильина <zhanna@post.example>\nIn-Reply-To: <otk-0123456789abcdef@school.example>\nSubject: Re: Консультация";
const QUOTE: &str = "\n\n> 17 нояб. 2026 г., в 10:20, Приёмная <office@school.example> написал(а):\n>\n> Здравствуйте!\n>\n> Пятница, 20 ноября, 14:00-14:40\n> Очно, кабинет 118";

fn letter(case: &Case) -> Understanding {
    let (head, text) = if case.0.is_empty() { (REPLY, format!("{}{QUOTE}", case.1)) } else { (case.0, case.1.to_owned()) };
    let kind = if head.contains("Content-Type") { "" } else { "\nContent-Type: text/plain; charset=utf-8" };
    let whole = format!("{head}{kind}\nDate: Wed, 18 Nov 2026 10:00:00 +0300\nMessage-ID: <m@post.example>\nTo: office@school.example\n\n{text}\n");
    read_with(&message::read(whole.replace('\n', "\r\n").as_bytes()), &[])
}

fn judge(name: &str, cases: &[Case]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let read = letter(case);
            let right = read.kind == Some(case.2) && case.3.is_none_or(|i| i == read.intent);
            (!right).then(|| format!("{}: {:?} {:?} instead of {:?} {:?}", case.1, read.kind, read.intent, case.2, case.3))
        })
        .collect();
    all_right(name, cases.len(), &wrong);
}

const FIRST: &[Case] = &[
    ("", "Добрый день! Да, придём вдвоём с мужем. А на каком это этаже?", Kind::ReplyToThread, Some(Intent::Accept)),
    ("", "Хорошо, нас всё устраивает. Подскажите только, нужна ли сменка?", Kind::ReplyToThread, Some(Intent::Accept)),
    ("", "Ирина Юрьевна может и в 15 ч.? В два у меня планёрка", Kind::ReplyToThread, Some(Intent::Reschedule)),
    ("", "В пятницу дежурю сутки, никак не вырваться.", Kind::ReplyToThread, Some(Intent::Decline)),
    ("", "Нам бы на денёк сдвинуть", Kind::ReplyToThread, Some(Intent::Reschedule)),
    ("", "Ой, а можно вместо пятницы понедельник или вторник, после трёх?", Kind::ReplyToThread, Some(Intent::Reschedule)),
    ("", "Отбой тревоги, учительница всё исправила сегодня утром, спасибо!", Kind::ReplyToThread, Some(Intent::Withdraw)),
    ("", "Больше ничего не требуется, дневник открылся сам собой.", Kind::ReplyToThread, Some(Intent::Withdraw)),
    ("", "Простояли у 118-го двадцать минут, дверь заперта, никого. Как это понимать?", Kind::ReplyToThread, Some(Intent::NoShow)),
    ("", "Вчера ждала звонка до вечера, телефон молчал.", Kind::ReplyToThread, Some(Intent::NoShow)),
    ("", "Ваша инструкция не сработала: по-прежнему белый экран.", Kind::ReplyToThread, Some(Intent::NotHelped)),
    ("", "Сделали как вы написали, но оценок так и нет.", Kind::ReplyToThread, Some(Intent::NotHelped)),
    ("", "Пятая неделя пошла, а воз и ныне там. Сколько ещё ждать ответа?", Kind::ReplyToThread, Some(Intent::Complaint)),
    ("", "Спасибо огромное Ирине Юрьевне за чуткость!", Kind::ReplyToThread, Some(Intent::Thanks)),
    ("", "Большое человеческое спасибо, сын наконец улыбается", Kind::ReplyToThread, Some(Intent::Thanks)),
    ("", "Вы, видимо, перепутали: я не Жанна и в школе у меня никто не учится.", Kind::ReplyToThread, Some(Intent::WrongPerson)),
    ("", "Это не мой ребёнок, заявку писала не я.", Kind::ReplyToThread, Some(Intent::WrongPerson)),
    ("", "Прошу прекратить обработку моих персональных данных и удалить заявку.", Kind::ReplyToThread, Some(Intent::DataWithdrawal)),
    ("", "Номер телефона поменялся: 8 900 115-20-30.", Kind::ReplyToThread, Some(Intent::Info)),
    ("", "Дополняю: дочь учится в 4В, классная Мария Сергеевна.", Kind::ReplyToThread, Some(Intent::Info)),
    ("", "Сколько длится встреча и можно ли прийти с младшим?", Kind::ReplyToThread, Some(Intent::Question)),
    ("", "А кто именно будет разговаривать с ребёнком", Kind::ReplyToThread, Some(Intent::Question)),
    ("", "Пока не уверена, что отпустят с работы, отвечу завтра утром.", Kind::ReplyToThread, Some(Intent::Tentative)),
    ("", "Наверное сможем, но не обещаю", Kind::ReplyToThread, Some(Intent::Tentative)),
    ("", "ок, ждите", Kind::ReplyToThread, Some(Intent::Accept)),
    ("", "Договорились!", Kind::ReplyToThread, Some(Intent::Accept)),
    ("", "Записала, до пятницы", Kind::ReplyToThread, Some(Intent::Accept)),
    ("", "не, не выйдет у нас", Kind::ReplyToThread, Some(Intent::Decline)),
    ("", "К сожалению, на этой неделе не получится вообще", Kind::ReplyToThread, Some(Intent::Decline)),
    ("", "Благодарю, но мы уже нашли логопеда в поликлинике", Kind::ReplyToThread, Some(Intent::Withdraw)),
    ("", "Передумали, снимите нас с записи", Kind::ReplyToThread, Some(Intent::Withdraw)),
    ("", "Давайте лучше созвонимся, приехать не могу", Kind::ReplyToThread, Some(Intent::Reschedule)),
    (
        "From: Пётр Сомов <somov@zavod.example>\nSubject: Вне офиса Re: Консультация",
        "Здравствуйте. Я в отпуске по 29 ноября включительно. За меня остаётся Крылова Н. П., тел. внутр. 214.",
        Kind::AutoReply,
        None,
    ),
    (
        "From: Пётр Сомов <somov@zavod.example>\nSubject: Re: Приглашение",
        "Добрый день! Ваше сообщение получено. Я в командировке и читаю почту эпизодически. Отвечу не раньше 25 ноября.",
        Kind::AutoReply,
        None,
    ),
    (
        "From: olga@corp.example\nSubject: Re: Консультация\nAuto-Submitted: auto-replied",
        "I am out of the office until Monday with no access to email.",
        Kind::AutoReply,
        None,
    ),
    ("From: Нина Белова <belova@list.example>\nSubject: Отсутствую", "До 1 декабря нахожусь на больничном. С уважением, Белова", Kind::AutoReply, None),
    (
        "From: help@clinic.example\nSubject: [#48211] Заявка зарегистрирована",
        "Здравствуйте! Ваш запрос зарегистрирован под номером 48211. Мы ответим в течение двух рабочих дней.",
        Kind::AutoReply,
        None,
    ),
    (
        "From: anna@post.example\nSubject: Прочитано: Приглашение на консультацию",
        "Ваше сообщение было прочитано 18 ноября 2026 г. 9:12:33.",
        Kind::AutoReply,
        None,
    ),
    (
        "From: Анна <anna@post.example>\nSubject: на больничном",
        "Здравствуйте! Мы с дочкой на больничном до 25 ноября, 6Б. Как получить задания по математике?",
        Kind::NewAppeal,
        None,
    ),
    (
        "From: Олег <oleg@post.example>\nSubject: отпуск",
        "Добрый день. Уезжаем в отпуск в декабре на 10 дней, сын Глеб, 3А. Что писать классному?",
        Kind::NewAppeal,
        None,
    ),
    (
        "From: Mail Delivery System <MAILER-DAEMON@mx.post.example>\nSubject: Undelivered Mail Returned to Sender",
        "This is the mail system at host mx.post.example.\n\n<zhanna@post.example>: host mx.post.example said: 550 5.1.1 User unknown",
        Kind::Bounce,
        None,
    ),
    (
        "From: postmaster@corp.example\nSubject: Недоставлено: Консультация",
        "Не удалось выполнить доставку следующим получателям:\n\nzhanna@corp.example\nПочтовый ящик получателя переполнен.\n#5.2.2",
        Kind::Bounce,
        None,
    ),
    (
        "From: Почтовая служба <mail-daemon@rambler.example>\nSubject: Задержка доставки письма",
        "Ваше письмо для zhanna@rambler.example пока не доставлено. Сервер повторит попытку в течение 3 дней.",
        Kind::Bounce,
        None,
    ),
    (
        "From: Вика <vika@post.example>\nSubject: письмо вернулось",
        "Здравствуйте, моё письмо учителю вернулось с ошибкой «user unknown». Подскажите верный адрес Марии Петровны, 5А.",
        Kind::NewAppeal,
        None,
    ),
    (
        "From: Издательство «Букварь» <sale@bukvar.example>\nSubject: Новинки",
        "Уважаемые коллеги! Представляем новые рабочие тетради для начальной школы. Заказывайте на сайте bukvar.example, при заказе от 20 комплектов доставка бесплатно.",
        Kind::SpamOrList,
        None,
    ),
    (
        "From: Театр кукол <info@kukly.example>\nSubject: Спектакль",
        "Добрый день! Наш театр готов приехать к вам со спектаклем «Теремок». Стоимость 250 рублей с ребёнка, для педагогов бесплатно. Звоните!",
        Kind::SpamOrList,
        None,
    ),
    (
        "From: Служба безопасности <sec@bank-help.example>\nSubject: Внимание",
        "Обнаружен вход в Ваш личный кабинет с нового устройства. Если это были не Вы, срочно подтвердите данные: http://bank-help.example/login",
        Kind::SpamOrList,
        None,
    ),
    (
        "From: Фотостудия <foto@snap.example>\nSubject: Выпускные альбомы 2027",
        "Здравствуйте! Снимаем выпускные альбомы, выезд в школу бесплатно, классному руководителю альбом в подарок. Передайте, пожалуйста, наше предложение родителям 9 и 11 классов.",
        Kind::SpamOrList,
        None,
    ),
    ("From: list@metod.example\nSubject: [методисты] план на декабрь\nList-Id: <metod.example>", "Коллеги, прикладываю план.", Kind::SpamOrList, None),
    (
        "From: Мама Коли <kolya.mama@post.example>\nSubject: реклама",
        "Здравствуйте! В чат 2Б кто-то рассылает рекламу казино, это нормально? Дети видят.",
        Kind::NewAppeal,
        None,
    ),
    (
        "From: Жанна Ильина <zhanna@post.example>\nSubject: Accepted: Консультация\nMIME-Version: 1.0\nContent-Type: text/calendar; method=REPLY; charset=utf-8",
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:1@school.example\nDTSTAMP:20261118T070000Z\nDTSTART:20261120T110000Z\nDTEND:20261120T114000Z\nORGANIZER:mailto:office@school.example\nATTENDEE;PARTSTAT=ACCEPTED:mailto:zhanna@post.example\nEND:VEVENT\nEND:VCALENDAR",
        Kind::CalendarReply,
        Some(Intent::Accept),
    ),
    (
        "From: Жанна Ильина <zhanna@post.example>\nSubject: Отклонено: Консультация\nMIME-Version: 1.0\nContent-Type: text/calendar; method=REPLY; charset=utf-8",
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:1@school.example\nDTSTAMP:20261118T070000Z\nDTSTART:20261120T110000Z\nORGANIZER:mailto:office@school.example\nATTENDEE;PARTSTAT=DECLINED:mailto:zhanna@post.example\nEND:VEVENT\nEND:VCALENDAR",
        Kind::CalendarReply,
        Some(Intent::Decline),
    ),
    (
        "From: Жанна Ильина <zhanna@post.example>\nSubject: Re: Несколько вопросов о консультации\nIn-Reply-To: <otk-aa23456789abcdef0123456789abcdef@school.example>",
        "1. Ильина, 5\n2. всего было достаточно\n3. очень тёплое\n4. так держать\n5. да\n\n> 1. Ф.И.О. (по желанию). Ваша оценка от 1 до 5:\n> 3. Ваше впечатление о консультации:\n> 5. Порекомендовали бы вы знакомым обратиться к нам: да / нет",
        Kind::SurveyAnswer,
        None,
    ),
    (
        "From: Жанна Ильина <zhanna@post.example>\nSubject: анкета по логопеду",
        "Отвечаю на анкету: оценка 4, практики побольше, впечатление приятное, пожеланий нет, знакомым порекомендую.",
        Kind::SurveyAnswer,
        None,
    ),
    (
        "From: Рита <rita@post.example>\nSubject: спасибо",
        "Добрый вечер! Хочу поблагодарить Веру Павловну: за месяц дочка заговорила чисто. Счастья вам и здоровья!",
        Kind::ReplyToThread,
        Some(Intent::Thanks),
    ),
    ("From: Рита <rita@post.example>\nSubject: ответ", "да, в пятницу подходит, придём", Kind::ReplyToThread, Some(Intent::Accept)),
    (
        "From: Учитель Ким <kim@school.example>\nSubject: Fwd: проблема",
        "Коллеги, мама Пети из 5А просит совета: мальчик боится отвечать у доски. Просила перезвонить ей 8 900 000-10-10.",
        Kind::StaffForm,
        None,
    ),
    (
        "From: Горячая линия <hotline@school.example>\nSubject: звонок",
        "Звонила Котова Инна, мама, 6Г. Сын не понимает дроби, просит дополнительные занятия. 8 900 000-20-20.",
        Kind::StaffForm,
        None,
    ),
    (
        "From: Инна <inna@post.example>\nSubject: Re: Каникулы",
        "Спасибо за расписание! Но у нас вопрос: в 7А не открывается ссылка на урок, дочь сидит без физики.",
        Kind::NewAppeal,
        None,
    ),
    (
        "From: Лев <lev@post.example>\nSubject: благодарность и просьба",
        "Спасибо за прошлую помощь! Теперь с русским беда, сын в 5В пишет с ошибками, можно позаниматься?",
        Kind::NewAppeal,
        None,
    ),
];

#[test]
fn replies_of_the_first_set() {
    judge("replies first", FIRST);
}

const SECOND: &[Case] = &[
    ("", "Угу, пойдёт. А ссылку на звонок пришлёте?", Kind::ReplyToThread, Some(Intent::Accept)),
    ("", "Мы будем! Ребёнка брать с собой?", Kind::ReplyToThread, Some(Intent::Accept)),
    ("", "Подтверждаю 20-е, два часа дня", Kind::ReplyToThread, Some(Intent::Accept)),
    ("", "В этот час у сына бассейн, а если на час пораньше?", Kind::ReplyToThread, Some(Intent::Reschedule)),
    ("", "Лучше после шести, раньше с завода не отпускают", Kind::ReplyToThread, Some(Intent::Reschedule)),
    ("", "Нет, 20-го мы в Казани.", Kind::ReplyToThread, Some(Intent::Decline)),
    ("", "Не сложится у нас в пятницу, простите", Kind::ReplyToThread, Some(Intent::Decline)),
    ("", "Прийти не сумею, сломала ногу", Kind::ReplyToThread, Some(Intent::Decline)),
    ("", "Мы передумали насчёт психолога, не ищите время", Kind::ReplyToThread, Some(Intent::Withdraw)),
    ("", "Логин подошёл с третьей попытки, больше помощь не нужна.", Kind::ReplyToThread, Some(Intent::Withdraw)),
    ("", "Специалист так и не объявился, в Сферуме сидела одна полчаса.", Kind::ReplyToThread, Some(Intent::NoShow)),
    ("", "Нас на вахте развернули, сказали что никакой консультации нет!", Kind::ReplyToThread, Some(Intent::NoShow)),
    ("", "Перезагрузили, почистили, а оно опять вылетает.", Kind::ReplyToThread, Some(Intent::NotHelped)),
    ("", "После занятия лучше не стало, всё так же плачет перед школой", Kind::ReplyToThread, Some(Intent::NotHelped)),
    ("", "Мне прислали копипасту вместо ответа. Буду писать в департамент.", Kind::ReplyToThread, Some(Intent::Complaint)),
    ("", "Спасибо вам, дорогие, вы нас спасли!", Kind::ReplyToThread, Some(Intent::Thanks)),
    ("", "Всё получили, очень признательны", Kind::ReplyToThread, Some(Intent::Thanks)),
    ("", "Извините, вы не туда пишете, я пенсионер из Омска", Kind::ReplyToThread, Some(Intent::WrongPerson)),
    ("", "Отзываю согласие на обработку данных ребёнка, удалите всё.", Kind::ReplyToThread, Some(Intent::DataWithdrawal)),
    ("", "Скан справки во вложении.", Kind::ReplyToThread, Some(Intent::Info)),
    ("", "Забыла указать: логин ребёнка petrova_v, класс 6Д", Kind::ReplyToThread, Some(Intent::Info)),
    ("", "Это бесплатно?", Kind::ReplyToThread, Some(Intent::Question)),
    ("", "Парковка у школы есть или лучше пешком", Kind::ReplyToThread, Some(Intent::Question)),
    ("", "Постараюсь отпроситься, но гарантий нет", Kind::ReplyToThread, Some(Intent::Tentative)),
    ("", "Точно скажу в четверг вечером, сейчас график непонятен", Kind::ReplyToThread, Some(Intent::Tentative)),
    (
        "From: Глеб Ронин <ronin@build.example>\nSubject: Re: Консультация",
        "Всем привет! Я в отпуске, вернусь в понедельник, 30 ноября. Если горит, набирайте Сашу: 8 900 000-31-31.",
        Kind::AutoReply,
        None,
    ),
    (
        "From: info@clinic.example\nSubject: Ваше обращение принято",
        "Благодарим за обращение! Наш специалист свяжется с вами в течение рабочего дня.",
        Kind::AutoReply,
        None,
    ),
    (
        "From: Ира <ira@post.example>\nSubject: Re: Приглашение",
        "Я больше не работаю в этой компании. По вопросам поставок пишите на sales@firm.example.",
        Kind::AutoReply,
        None,
    ),
    (
        "From: MAILER-DAEMON@yandex.example\nSubject: Недоставленное сообщение",
        "Это письмо отправлено почтовым сервером. К сожалению, мы не смогли доставить ваше письмо: zhanna@yandex.example - 550 5.7.1 No such user!",
        Kind::Bounce,
        None,
    ),
    (
        "From: Майя <maya@post.example>\nSubject: ошибка доставки",
        "Добрый день! Отправляла справку секретарю, пришло «ошибка доставки, ящик переполнен». На какой адрес прислать? 9А",
        Kind::NewAppeal,
        None,
    ),
    (
        "From: Академия роста <kurs@rost.example>\nSubject: Удостоверение за 2 дня",
        "Повышение квалификации для педагогов дистанционно, 72 часа, удостоверение установленного образца. До пятницы цена 990 рублей!",
        Kind::SpamOrList,
        None,
    ),
    (
        "From: ООО «Мебель» <zakaz@mebel.example>\nSubject: парты",
        "Здравствуйте. Производим школьную мебель, парты и стулья по ГОСТ. Пришлите заявку, рассчитаем смету за час.",
        Kind::SpamOrList,
        None,
    ),
    (
        "From: Детский лагерь «Сосна» <camp@sosna.example>\nSubject: Зимняя смена",
        "Дорогие друзья! Открыт набор на зимнюю смену. Путёвка от 32 000 рублей, скидка братьям и сёстрам. Разместите афишу на стенде.",
        Kind::SpamOrList,
        None,
    ),
    (
        "From: Вера <vera@post.example>\nSubject: скидка на питание",
        "Здравствуйте! Нам как многодетным положена скидка на обеды, в бухгалтерии говорят нет. Куда нести удостоверение? 2А, Вера Лыкова",
        Kind::NewAppeal,
        None,
    ),
    (
        "From: Жанна Ильина <zhanna@post.example>\nSubject: Под вопросом: Консультация\nMIME-Version: 1.0\nContent-Type: text/calendar; method=REPLY; charset=utf-8",
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:1@school.example\nDTSTAMP:20261118T070000Z\nDTSTART:20261120T110000Z\nORGANIZER:mailto:office@school.example\nATTENDEE;PARTSTAT=TENTATIVE:mailto:zhanna@post.example\nEND:VEVENT\nEND:VCALENDAR",
        Kind::CalendarReply,
        Some(Intent::Tentative),
    ),
    (
        "From: Жанна Ильина <zhanna@post.example>\nSubject: Re: Несколько вопросов о консультации\nIn-Reply-To: <otk-aa23456789abcdef0123456789abcdef@school.example>",
        "Четвёрка, не хватило практики. Советовать буду.\n\n> 1. Ф.И.О. (по желанию). Ваша оценка от 1 до 5:\n> 3. Ваше впечатление о консультации:\n> 5. Порекомендовали бы вы знакомым обратиться к нам: да / нет",
        Kind::SurveyAnswer,
        None,
    ),
    (
        "From: Тоня <tonya@post.example>\nSubject: Логопеду",
        "Низкий поклон Ольге Павловне, внук рычит как тигр! С праздником вас.",
        Kind::ReplyToThread,
        Some(Intent::Thanks),
    ),
    (
        "From: Классный руководитель <semenova@school.example>\nSubject: просьба семьи",
        "Ко мне подошла мама Ромы из 3Г, хочет консультацию логопеда. Телефон 8 900 000-41-41, лучше вечером.",
        Kind::StaffForm,
        None,
    ),
    (
        "From: Юля <yulya@post.example>\nSubject: Re: Собрание",
        "Добрый день. Не про собрание: у дочери (8В) второй день нет домашки в журнале, помогите разобраться.",
        Kind::NewAppeal,
        None,
    ),
    (
        "From: Стас <stas@post.example>\nSubject: каникулы",
        "Мы уехали до 29 ноября к бабушке, сын 4Б пропустит контрольную. Как потом написать?",
        Kind::NewAppeal,
        None,
    ),
];

#[test]
fn replies_of_the_second_set() {
    judge("replies second", SECOND);
}

const THIRD: &[Case] = &[
    ("", "Отлично, ждём пятницы. Нужно принести тетради?", Kind::ReplyToThread, Some(Intent::Accept)),
    ("", "Устроит. Спасибо, что так быстро!", Kind::ReplyToThread, Some(Intent::Accept)),
    ("", "время подходит, буду с дочерью", Kind::ReplyToThread, Some(Intent::Accept)),
    ("", "А позже трёх окна нет?", Kind::ReplyToThread, Some(Intent::Reschedule)),
    ("", "Сможем только в субботу, по будням оба на работе", Kind::ReplyToThread, Some(Intent::Reschedule)),
    ("", "В пятницу нет, в понедельник да", Kind::ReplyToThread, Some(Intent::Reschedule)),
    ("", "Нет, этот день занят соревнованиями", Kind::ReplyToThread, Some(Intent::Decline)),
    ("", "Мы на карантине, встреча отпадает", Kind::ReplyToThread, Some(Intent::Decline)),
    ("", "Не нужно уже, классная сама всё объяснила", Kind::ReplyToThread, Some(Intent::Withdraw)),
    ("", "Снимите заявку, переезжаем в другой город.", Kind::ReplyToThread, Some(Intent::Withdraw)),
    ("", "Приехали к двум, а нам говорят: психолог на больничном. Почему не предупредили?", Kind::ReplyToThread, Some(Intent::NoShow)),
    ("", "Никто не перезвонил ни вчера, ни сегодня", Kind::ReplyToThread, Some(Intent::NoShow)),
    ("", "Пароль поменяли, но журнал всё равно пустой", Kind::ReplyToThread, Some(Intent::NotHelped)),
    ("", "К сожалению, ваш совет не подействовал, сын по-прежнему не разговаривает с классом.", Kind::ReplyToThread, Some(Intent::NotHelped)),
    ("", "Второй месяц кормите обещаниями!", Kind::ReplyToThread, Some(Intent::Complaint)),
    ("", "Ответ получила, благодарю.", Kind::ReplyToThread, Some(Intent::Thanks)),
    ("", "Какая Жанна? Ошиблись ящиком, у меня взрослые дети в Перми", Kind::ReplyToThread, Some(Intent::WrongPerson)),
    ("", "Требую удалить мои данные из вашей системы", Kind::ReplyToThread, Some(Intent::DataWithdrawal)),
    ("", "Да, и ещё: у сына аллергия на мел, имейте в виду", Kind::ReplyToThread, Some(Intent::Info)),
    ("", "Учительница русского — Голубева, кабинет 31.", Kind::ReplyToThread, Some(Intent::Info)),
    ("", "Куда именно приходить?", Kind::ReplyToThread, Some(Intent::Question)),
    ("", "скажите а документы какие брать", Kind::ReplyToThread, Some(Intent::Question)),
    ("", "Зависит от смены, узнаю завтра и напишу", Kind::ReplyToThread, Some(Intent::Tentative)),
    ("", "Мы бы с радостью, но зависит от врача, пока неясно", Kind::ReplyToThread, Some(Intent::Tentative)),
    ("From: Лия <liya@firm.example>\nSubject: Автоответ", "Здравствуйте! Я в декрете, мои дела ведёт Оксана Ким, kim@firm.example.", Kind::AutoReply, None),
    ("From: Макс <max@firm.example>\nSubject: Re: Приглашение", "Нахожусь в рейсе без связи до 5 декабря.", Kind::AutoReply, None),
    (
        "From: postmaster@mail.example\nSubject: Сообщение не доставлено",
        "Сообщение для zhanna@mail.example не доставлено: адрес не существует (550 5.1.1).",
        Kind::Bounce,
        None,
    ),
    (
        "From: Агентство праздников «Ура» <ura@ura.example>\nSubject: Новый год",
        "Дед Мороз и Снегурочка к вам в школу! Программа 40 минут, подарки детям, цена от 6000.",
        Kind::SpamOrList,
        None,
    ),
    (
        "From: Техносервис <it@tehno.example>\nSubject: Обслуживание",
        "Добрый день! Заправляем картриджи, ремонтируем принтеры с выездом. Скидка бюджетным учреждениям 15 %.",
        Kind::SpamOrList,
        None,
    ),
    ("From: Лена <lena@post.example>\nSubject: вам", "Спасибо всей школе за праздник, дети в восторге!", Kind::ReplyToThread, Some(Intent::Thanks)),
    (
        "From: Дина <dina@post.example>\nSubject: спасибо",
        "Спасибо за концерт! А вот с математикой у нас всё плохо, 6А, посоветуйте занятия.",
        Kind::NewAppeal,
        None,
    ),
    (
        "From: Завуч <zavuch@school.example>\nSubject: передаю",
        "Обратилась бабушка ученика 1Б: мальчик не выговаривает половину звуков, просит логопеда. 8 900 000-51-51",
        Kind::StaffForm,
        None,
    ),
];

#[test]
fn replies_of_the_third_set() {
    judge("replies third", THIRD);
}

const FOURTH: &[Case] = &[
    ("", "Годится! Подскажите, вход со двора?", Kind::ReplyToThread, Some(Intent::Accept)),
    ("", "Мы согласны на пятницу", Kind::ReplyToThread, Some(Intent::Accept)),
    ("", "Хорошо, подъедем к двум", Kind::ReplyToThread, Some(Intent::Accept)),
    ("", "Получится ли перенести на утро понедельника?", Kind::ReplyToThread, Some(Intent::Reschedule)),
    ("", "14 часов рано, давайте 17", Kind::ReplyToThread, Some(Intent::Reschedule)),
    ("", "Муж может только в четверг после пяти", Kind::ReplyToThread, Some(Intent::Reschedule)),
    ("", "Увы, в этот день суд, быть не могу", Kind::ReplyToThread, Some(Intent::Decline)),
    ("", "никак не получается, дежурство", Kind::ReplyToThread, Some(Intent::Decline)),
    ("", "Проблема рассосалась, можно никого не присылать", Kind::ReplyToThread, Some(Intent::Withdraw)),
    ("", "Уже неактуально, перевелись в другую школу", Kind::ReplyToThread, Some(Intent::Withdraw)),
    ("", "Прождали в коридоре сорок минут, психолог так и не пришла", Kind::ReplyToThread, Some(Intent::NoShow)),
    ("", "Звонка так и не поступило", Kind::ReplyToThread, Some(Intent::NoShow)),
    ("", "Сделала сброс, ошибка осталась", Kind::ReplyToThread, Some(Intent::NotHelped)),
    ("", "Нет, не открывается, пишет то же самое", Kind::ReplyToThread, Some(Intent::NotHelped)),
    ("", "Почему мне уже неделю никто не отвечает? Это возмутительно.", Kind::ReplyToThread, Some(Intent::Complaint)),
    ("", "Всё работает, спасибо Павлу Николаевичу", Kind::ReplyToThread, Some(Intent::Thanks)),
    ("", "Спасибо, поняла", Kind::ReplyToThread, Some(Intent::Thanks)),
    ("", "Я не мама Жени, вы ошиблись адресом", Kind::ReplyToThread, Some(Intent::WrongPerson)),
    ("", "Не хочу, чтобы данные дочери хранились у вас, сотрите их", Kind::ReplyToThread, Some(Intent::DataWithdrawal)),
    ("", "Дочь зовут Ася, она во втором Б", Kind::ReplyToThread, Some(Intent::Info)),
    ("", "Посылаю фото экрана с ошибкой", Kind::ReplyToThread, Some(Intent::Info)),
    ("", "А психолог потом напишет заключение?", Kind::ReplyToThread, Some(Intent::Question)),
    ("", "Надо ли ребёнку присутствовать", Kind::ReplyToThread, Some(Intent::Question)),
    ("", "Может быть приду, смотря как на работе", Kind::ReplyToThread, Some(Intent::Tentative)),
    ("", "Ещё не решили, посоветуюсь с мужем", Kind::ReplyToThread, Some(Intent::Tentative)),
    ("From: Эд <ed@firm.example>\nSubject: Нет на месте", "Отвечу 1 декабря. По срочному звоните в приёмную 8 900 000-61-61.", Kind::AutoReply, None),
    (
        "From: Борис <boris@post.example>\nSubject: командировка",
        "Здравствуйте! Я в командировке до декабря, сына из 2Г будет забирать тётя. Какое заявление нужно?",
        Kind::NewAppeal,
        None,
    ),
    ("From: ИП Котов <kotov@okna.example>\nSubject: жалюзи", "Шьём шторы и жалюзи для классов, замер бесплатно, работаем по безналу.", Kind::SpamOrList, None),
    (
        "From: Mail Delivery Subsystem <mailer-daemon@gmail.example>\nSubject: Delivery Status Notification (Failure)",
        "Address not found. Your message wasn't delivered to zhanna@gmail.example because the address couldn't be found.",
        Kind::Bounce,
        None,
    ),
    (
        "From: Нелли <nelli@post.example>\nSubject: Признательность",
        "Уважаемая Ирина Юрьевна! Примите благодарность от нашей семьи, вы волшебница.",
        Kind::ReplyToThread,
        Some(Intent::Thanks),
    ),
];

#[test]
fn replies_of_the_fourth_set() {
    judge("replies fourth", FOURTH);
}

#[test]
fn the_slot_is_read_out_of_the_quoted_letter() {
    let times = |text: &'static str| super::tests_answers::shortly(&letter(&("", text, Kind::ReplyToThread, None)).times);
    assert_eq!(times("Да, в пятницу удобно"), "");
    assert_eq!(times("А на два часа позже можно?"), "20.11 16:00-16:40");
    assert_eq!(times("Нет, никак"), "!20.11");
    assert_eq!(times("Никто так и не позвонил, ждала с двух до трёх"), "");
}
