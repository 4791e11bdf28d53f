//! What a letter is, from its headers (already read by `message`), its structure and its words, in that order.
//!
//! Not here: what it is about. Whatever is in doubt is an appeal: a person is never locked out by the machine.

use super::forms::{self, Form};
use super::quoted::{self, Passed};
use super::thread::{self, Thread};
use super::words::{Matcher, TEXT_LIMIT, Words, cut, fold};
use super::{Context, Kind, bounce, machine};
use crate::itip::Object;
use crate::message::{Message, Origin, Robot};
use std::sync::LazyLock;

/// A letter sorted, with what was read on the way.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    pub kind: Option<Kind>,
    pub ignored: Option<&'static str>,
    pub why: String,
    pub form: Option<Form>,
    pub passed: Option<Passed>,
    /// Staff pass on a request in their own words.
    pub relayed: bool,
    pub object: Option<Object>,
    pub method: Option<String>,
    pub thread: Thread,
    /// How sure the sorting is.
    pub sure: f64,
}

/// Whether an address is of the school: its domain, a domain below it, or the register.
pub(super) fn is_staff(email: &str, context: &Context<'_>) -> bool {
    let domain = email.rsplit_once('@').map_or("", |d| d.1);
    context.staff.iter().any(|s| s.email == email)
        || context.staff_domains.iter().any(|d| domain.eq_ignore_ascii_case(d) || domain.to_lowercase().ends_with(&format!(".{}", d.to_lowercase())))
}

fn local(email: &str) -> &str {
    email.split_once('@').map_or(email, |e| e.0)
}

const SIGNS: &[&[&str]] = &[
    // 0 an absence told by a machine: letters of one's own account rarely put it so
    &[
        "=я|мы .. в отпуске|отъезде|командировке|декрете",
        "нахожусь .. отпуске|в_отпуске|отъезде|командировке|декретном|на_больничном",
        "на больничном .. до|с",
        "в отпуске .. до|с|по",
        "в командировке .. до|с|по",
        "отсутств* .. до|с|по|на_рабочем|в_офисе|временно",
        "буду отсутств*",
        "=отсутствую",
        "отвечу .. возвращен*|вернусь|когда|позже|по_возвращении|как_только",
        "вернусь .. отвечу",
        "на вахте .. до|связь",
        "ваше .. письмо|обращение|сообщение .. получено|зарегистрировано|принято|доставлено",
        "письмо .. получено .. автоматич*",
        "автоматич* .. ответ|уведомление",
        "автоответ*",
        "прочту|прочитаю|отвечу .. когда|после|позже|как_только|на_следующей|в_понедельник",
        "письма .. увижу|прочту|прочитаю|читаю .. после|позже|раз|по",
        "out of office",
        "ограничен* .. доступ .. почт*",
        "временно .. не .. проверяю|отвечаю|читаю",
        "не проверяю|читаю|смотрю|пользуюсь .. почту|почтой|письма|ящик",
        "меня нет .. офисе|месте|рабочем",
        "меня .. не_будет .. до|с|по|офисе|месте",
        "вернусь|выйду .. на_=работу|в_=офис",
        "этот|данный ящик|адрес .. не .. читается|проверяется|обслуживается|используется|просматривается",
        "по срочным|срочным вопросам .. обращайтесь|звоните|пишите",
        "срочное|срочно .. звоните|пишите|обращайтесь",
        "спасибо за .. письмо|обращение|сообщение .. прочту|отвечу|ответим|обязательно",
        "не .. удаляйте .. строку|строчку",
        "почту|письма .. смотрю|проверяю|читаю|просматриваю .. раз|редко|нечасто|нерегулярно|вечер*|утр*|изредка|эпизодически",
        "спасибо за понимание",
        "на|в .. период|время .. отсутствия|отпуска|командировки",
        "замещает|заменяет|исполняет_обязанности|замещать",
        "по .. вопросам|объекту|договорам|проектам .. решает|отвечает|к|обращайтесь|пишите|связывайтесь",
        "в .. отпуске|командировке|декрете|отъезде .. нахожусь",
        "ежегодном|очередном|декретном|учебном отпуске",
        "выйду|возвращаюсь|вернусь|приступлю .. из_отпуска|к_работе|на_связь|на_работу",
        "без .. доступа .. почт*|интернет*",
        "нет|ограничен .. доступ*|возможности .. почт*|интернет*|отвечать|ответить",
        "=я .. вне .. офиса|зоны",
        "ответ .. возможен|придет|будет .. после|с_задержкой",
        "отвечать .. буду|смогу .. с_задержкой|позже|после|нерегулярно",
        "i am|im .. out|away|on_vacation|on_leave",
        "currently out|away|on",
        "limited access",
        "will .. be .. back|returning|return",
        "for|in urgent matters|cases|questions|inquiries",
    ],
    // 1 offers, bulk, tricks
    &[
        "отпис* .. от|рассылк*",
        "отписаться",
        "unsubscribe",
        "отказаться от .. рассылк*|получения",
        "вы получили .. письмо .. потому|так_как|поскольку",
        "подписаны на",
        "коммерч* предложен*",
        "выгодн* .. предложен*|цен*|услов*",
        "скидк*|акция|распродаж*|промокод*",
        "курс* .. повышен* квалифик*|переподготовк*",
        "повышение квалификации",
        "удостоверени* .. гособразца|установленного|за",
        "вебинар .. бесплатн*|педагогов|для",
        "бесплатн* .. вебинар*|семинар*|доступ|консультаци* .. юрист*",
        "отсрочк*|доставк* .. монтаж|по_россии",
        "44_фз|223_фз",
        "поставк*|поставщик* .. оборудован*|мебел*|техник*",
        "компания .. предлагает|приглашает|производ*",
        "предлагаем .. вам|вашей|школ*|сотруднич*|услуг*",
        "прайс*|каталог .. продукц*|товар*",
        "подтвердите .. парол*|учетн*|аккаунт*|личность",
        "учетная|почтовый|ящик|аккаунт .. будет .. заблокирован*|удален*|отключен*",
        "выигр*|выиграли|розыгрыш*",
        "одобрен* .. выплат*|кредит*|заявк*|займ*",
        "номер .. карты|карты",
        "переведите|перевести|скиньте|перечислите .. карту|счет|деньги|тысяч|рублей",
        "никому .. не .. говорите|сообщайте",
        "код из .. смс|sms",
        "перейдите .. по .. ссылк*",
        "кредит*|заработ* .. дома|интернет*",
        "казино|ставки_на_спорт|биткоин*|криптовалют*",
        "оплатите .. счет|штраф|пошлин*",
        "раскрутк*|продвижен* .. сайт*|групп*",
        "наследств* .. миллион*|перевод*",
        "seo",
        "зарегистрир* .. участ*|по_ссылке",
        "олимпиад* .. дистанционн* .. оргвзнос|участие|дипл*",
        "сформировано автоматически",
        "отвечать на него .. не_нужно|не_надо|не_требуется",
        "настро* .. рассылк*|уведомлен*",
        "счет|счета на_оплату|к_оплате",
        "акт|акты .. сверки",
        "просим|прошу|необходимо|требуем .. оплатить|погасить",
        "ссылк* .. скачиван*",
        "вам|вас|ваш* .. начислен*|положена .. выплат*|компенсаци*|пособи*",
        "служб* .. безопасности",
        "аккаунт*|учетн*|доступ|ящик|карт* .. приостановлен*|ограничен*|деактивирован*|взломан*|истекает|заблокирован*",
        "подозрительн* .. активност*|вход*|операци*",
        "подтвердите|обновите|введите|проверьте .. данные|вход|пароль|учетную",
        "в течение 24|48|12 .. час*",
        "посылк* .. ожидает|задержан*",
        "нажмите .. кнопк*|ссылк*|здесь",
        "сотрудничеств* .. предлагаем|взаимовыгодн*",
        "взаимовыгодн* .. сотрудничеств*",
        "от производителя|поставщика",
        "приглашаем .. педагог*|учител*|школ*|принять_участие|на_вебинар|на_курс*|на_занятия|на_выставк*|на_экскурси*",
        "разошлите|раздайте|разместите|распространите|передайте|перешлите .. листовк*|буклет*|флаер*|реклам*|информаци*|объявлени*|афиш*|приглашени* .. родител*|ученик*|школьник*|класс*|сайте|стенде|чат*",
        "первое|пробное|вводное|первый|пробный .. занятие|урок .. бесплатн*|подар*|=даром",
        "за .. каждого .. пришедш*|ученик*|привед*|клиент* .. платим|перечисля*|бонус*|получ*|рублей|руб|процент*",
        "наш|наша|нашей|нашем|нашего|наше центр|школа|студия|клуб|лагерь|студии|центре|лагере|компания|фирма|издательство|типография|агентство .. приглашает|проводит|набирает|открыва*|предлагает|готов*|организует",
        "центр|студия|клуб|лагерь|издательство|театр|музей|типография|фотостудия|агентство|компания|фабрика|ооо|ип .. предлага*|приглаша*|проводит|набирает|организует|рада|рад|готов*",
        "набор .. в .. группы|группу|лагерь|студию|смену",
        "для .. ваших .. ученик*|школьник*|учащихся|детей|выпускник* .. предлага*|провед*|бесплатн*|организ*",
        "готовы .. приехать|выехать|провести|показать .. школ*|вам|спектакл*|мастер_класс*|презентаци*|представлени*",
        "выпускн* альбом*|фотосъемк*|фотокниг*|виньет*",
        "выездн* .. спектакл*|планетари*|представлени*|шоу|лаборатори*",
        "благотворительн* .. грант*|фонд .. выбран*|получени*|выдел*",
        "ваша|ваше|вашу .. школа|школу|учреждение|организация .. выбран*|отобран*|победил*|включен*|стала",
        "грант* .. размере|сумм*|получ*|рублей|руб",
        "реквизит* .. карт*|счет*|банк*",
        "пошлин*|комисси*|взнос .. оплат*|руб|рублей|перевед*",
        "ограничен* .. время|срок|мест*|количеств*|предложени*",
        "количество мест ограничен*",
        "только .. до .. конца|воскресенья|понедельника|пятницы .. скидк*|цен*|акци*|бесплатн*",
        "наверстать|подготов* .. за .. полтора|месяц|недел* .. занят*|курс*",
        "закаж*|заказывайте|купите|купить|приобрести|приобретайте .. сайте|ссылк*|телефону|учебник*|пособи*|комплект*",
        "новинк*|новые|новый .. пособи*|учебник*|издани*|коллекци*|каталог*",
        "дистрибьютор*|прайс_лист|опт|оптом|оптов*|тендер*|закупк*",
        "нашего|наш .. сайта|сайт|интернет_магазин*|телеграм|канал .. подпис*|перейд*|ссылк*|узна*",
        "представляем|предлагаем|рады_предложить .. новые|новинк*|вам|вашему|рабочие|уникальн*|услуг*",
        "закаж*|заказывайте|заказать|звоните|пишите .. на_сайте|сайте|прямо_сейчас|и_заказывайте",
        "при заказе|покупке|оплате .. от|бесплатн*|скидк*|подарок",
        "доставка|выезд|замер|монтаж .. бесплатн*|по_городу|по_области",
        "стоимость|цена|билет* .. рублей|руб|с_ребенка|с_человека",
        "для педагогов|учителей|сопровождающих .. бесплатн*",
        "в подарок",
        "наше|нашего предложение|предложения",
        "рассмотр* .. возможность .. сотруднич*|размещени*|проведени*|закупк*",
        "плановые работы",
    ],
    // 2 a family speaks
    &[
        "мой|моя|моего|моей|наш|нашего|нашей .. ребенок|ребенка|сын|сына|дочь|дочери|внук|внука|внучка",
        "сын|сына|сыну|дочь|дочери|дочка|дочку|внук|внука|внучка|внучки",
        "=я мама|папа|бабушка|ученик|ученица|учусь",
        "мы .. живем|болеем|пропустили|не_можем|учимся",
    ],
    // 3 staff pass something on
    &[
        "пересылаю|переправляю|перенаправляю|передаю .. письмо|просьбу|обращение|сообщение|вам|мамы|вопрос|вложением",
        "прилагаю|направляю .. письмо|сообщение|обращение .. мамы|отца|родител*|папы|бабушки|семьи",
        "просил|просила|попросила|попросил .. передать|написать|сообщить",
        "поймала|позвонила|подошла|звонила|обратилась|подходила .. мама|бабушка|мать|родительница",
        "мама|бабушка|отец|папа|мать .. позвонила|позвонил|подошла|обратилась|обратился|просила|просил|просит .. передать|вам|помочь|меня|школ*|помощ*",
        "письмо .. мамы|отца|папы|родител*|бабушки",
        "от_имени|по_просьбе .. мамы|родител*|отца|папы|бабушки|семьи",
    ],
    // 4 an answer that stands alone
    &[
        "договорились",
        "подходит|устраивает|согласен|согласна|подтверждаю",
        "хорошо .. спасибо|будем|буду|приду|придем",
        "тогда .. в|во|давайте",
        "да .. подходит|удобно|можем|сможем|буду|будем|приду|придем",
        "ознакомлен*",
        "спасибо .. получил*|помогло|заработало|понятно|большое",
    ],
    // 5 an absence, in the subject
    &[
        "автоответ*",
        "автоматич* .. ответ",
        "out of office",
        "automatic reply",
        "auto reply|autoreply",
        "автоматически созданный",
        "отсутствие на рабочем",
        "нет на месте",
        "меня нет .. офисе|месте|рабочем",
        "нет .. в_офисе|в_школе|на_работе",
        "отпуск",
        "вне офиса",
        "не .. офисе|месте",
        "отсутству*",
        "временно .. недоступ*",
        "в .. командировке|отпуске|отъезде|декрете",
        "on vacation|leave|holiday",
        "away from",
    ],
    // 6 something is wanted, or wrong
    &[
        "прошу|просьба|просим|просила|просил",
        "помогите|подскажите|скажите|посоветуйте|пришлите|запишите|перезвоните|позвоните|сообщите|уточните|проверьте|исправьте|решите|примите|организуйте",
        "можно|нельзя|могли|можете|нужн*|надо|необходимо|требуется|хотел|хотела|хотим|хотелось",
        "хочу .. чтобы|узнать|попросить|спросить|записать*|получить|знать|поговорить|обсудить|встретиться|пожаловаться",
        "проблем*|беда|беспоко*|волну*|тревож*|жалоб*|жалуюсь|возмущ*|не_понима*|непонятно|сложност*|трудност*",
        "=но|=однако|=только|жаль|к_сожалению|=увы",
        "не .. работает|открывается|получается|может|могу|может|хочет|пускает|приходит|пришл*|дали|дают|ответил*|знаю|знаем",
        "почему|когда|сколько|где|куда|зачем",
        "вопрос|заявлени*|справк*|консультаци* .. запис*|как|по|для",
    ],
    // 7 thanks
    &[
        "спасиб*|поблагодарить|благодарю|благодарим|благодарность|благодарна|благодарен|благодарны|признательн*",
        "низкий .. поклон",
        "с .. наступающ*|праздник*|днем_учителя|новым_годом|рождеством",
    ],
    // 8 staff tell what a family wants; from anybody else it may be the family's own story
    &[
        "коллеги + мама|мамы|бабушка|отец|папа|родители|семья + просит|просят|просила|просил|спрашива*|жалует*|обратил*|хочет|нужна|нужен",
        "мама|отец|папа|бабушка|мать .. просит|просила|просил .. совет*|помощ*|перезвонить|связаться|позвонить|консультаци*|встреч*",
        "звонила|звонил|обращалась|обратилась|подходила|приходила .. мама|бабушка|отец|папа|мать|родительница|семья",
    ],
];
static SIGN: LazyLock<Matcher> = LazyLock::new(|| Matcher::of(SIGNS));

/// How often each sign stands in a text, found in one pass.
struct Signs(Vec<super::words::Hit>);

impl Signs {
    fn of(words: &Words<'_>) -> Signs {
        Signs(SIGN.find(words))
    }

    fn count(&self, rule: usize) -> usize {
        let mut ends: Vec<usize> = self.0.iter().filter(|h| h.rule == rule).map(|h| h.first).collect();
        ends.dedup_by(|a, b| a.abs_diff(*b) < 2);
        ends.len()
    }
}

/// Sorts a letter.
pub(super) fn sort(message: &Message, context: &Context<'_>) -> Sorted {
    let from = message.sender().map_or("", |a| a.email.as_str());
    let is = |kind, ignored, why: &str, sure| Sorted { kind: Some(kind), ignored, why: why.to_owned(), sure, ..Sorted::default() };
    let ours = |a: &str| context.own.iter().any(|o| o.eq_ignore_ascii_case(a));
    if ours(from) || message.message_id.as_deref().is_some_and(|id| context.sent.iter().any(|s| s.message_id == id)) {
        return Sorted { ignored: Some("own_echo"), why: "наше собственное письмо".to_owned(), sure: 0.99, ..Sorted::default() };
    }
    if let Some((object, method)) = machine::calendar(message, context) {
        let thread = thread::by_uid(object.as_ref(), message, context);
        return Sorted {
            object, method: Some(method.clone()), thread, ..is(Kind::CalendarReply, None, &format!("ответ календаря (METHOD:{method})"), 0.99)
        };
    }
    let returned = |sorted: Sorted| Sorted {
        thread: Thread { id: named(message, context), ..Thread::default() },
        ..sorted
    };
    let delivery = message.report.as_deref().is_some_and(|r| {
        r.to_ascii_lowercase().contains("action:") || r.to_ascii_lowercase().contains("final-recipient:") && !r.to_ascii_lowercase().contains("disposition:")
    });
    if message.origin == Origin::Robot(Robot::ReadReceipt)
        || machine::is_receipt(message)
        || message.report.as_deref().is_some_and(|r| r.to_ascii_lowercase().contains("disposition:"))
    {
        let found = thread::find(message, context);
        let thread = if found.id.is_some() { found } else { Thread { id: named(message, context), ..found } };
        return Sorted { thread, ..is(Kind::AutoReply, Some("read_receipt"), "уведомление о прочтении", 0.98) };
    }
    if message.origin == Origin::Robot(Robot::Bounce) || delivery || bounce::by_text(message) {
        return returned(is(Kind::Bounce, Some("bounce"), "отчёт о недоставке", 0.98));
    }
    let body = &message.body;
    let form = forms::read(cut(&body.whole, TEXT_LIMIT));
    let staff = is_staff(from, context);
    let robot_name =
        ["noreply", "no-reply", "no_reply", "donotreply", "robot", "site", "form", "forms", "wordpress", "www-data", "webmaster", "sayt", "feedback"]
            .contains(&local(from));
    if let Some(form) = form.clone() {
        let person = staff && !robot_name && !matches!(message.origin, Origin::Robot(Robot::NoReply));
        let subject = message.subject.trim();
        let (kind, why) = if person {
            (Kind::StaffForm, format!("форма горячей линии от сотрудника («{subject}»)"))
        } else {
            (Kind::NewAppeal, format!("форма сайта («{subject}»)"))
        };
        return Sorted { form: Some(form), ..is(kind, None, &why, 0.97) };
    }
    let words = Words::new(&body.own);
    let signs = Signs::of(&words);
    let family = signs.count(2) > 0;
    match message.origin {
        Origin::Robot(Robot::List) => return is(Kind::SpamOrList, Some("list"), "рассылка (заголовки List-*, Precedence)", 0.96),
        // The provider's mark alone does not lock a family out.
        Origin::Robot(Robot::Spam) if !family => return is(Kind::SpamOrList, Some("spam"), "почтовая служба пометила письмо как спам", 0.9),
        Origin::Robot(Robot::AutoReply) => {
            return Sorted {
                thread: thread::find(message, context), ..is(Kind::AutoReply, Some("auto_reply"), "автоматический ответ (заголовки)", 0.96)
            };
        }
        Origin::Robot(Robot::Generated | Robot::NoReply) if !family => return is(Kind::SpamOrList, Some("generated"), "письмо программы, не человека", 0.85),
        _ => {}
    }
    let subject = Words::new(&message.subject);
    let titled = Signs::of(&subject);
    let short = words.tokens.len() < 90;
    let auto_subject = titled.count(5) > 0 && subject.tokens.first().is_none_or(|t| t.norm != "прошу");
    let absence = signs.count(0);
    let answering = !message.in_reply_to.is_empty() || fold(&message.subject).starts_with("re");
    let voice = if short { machine::voice(&words) } else { machine::Voice::default() };
    if short
        && !voice.is_person()
        && ((auto_subject && absence > 0 && !family && !body.own.contains('?'))
            || (auto_subject && subject.tokens.first().is_some_and(|t| t.norm.starts_with("авто") || t.norm == "automatic" || t.norm == "out"))
            || (absence > 0 && voice.formula() && !family && signs.count(3) == 0 && !body.own.contains('?'))
            || (absence > 1 && !family)
            // Somebody is away, asks nothing, speaks of no family and to nobody in particular.
            || (absence > 0 && !family && !voice.speaks() && signs.count(6) == 0 && signs.count(3) == 0 && words.tokens.len() < 60)
            || (absence > 0 && answering && !family && words.tokens.len() < 45))
    {
        return Sorted {
            thread: thread::find(message, context),
            ..is(Kind::AutoReply, Some("auto_reply"), "автоответ по тексту: отсутствие, отпуск, «письмо получено»", 0.85)
        };
    }
    if short && !family && !staff && !body.own.contains('?') && voice.is_desk(&message.subject) {
        return Sorted {
            thread: thread::find(message, context),
            ..is(Kind::AutoReply, Some("auto_reply"), "автоответ службы поддержки: «ваша заявка зарегистрирована»", 0.85)
        };
    }
    // The hotline writes down what was told to it, with or without the form's labels.
    let line = ["hotline", "goryachaya", "goryach", "gl@", "linia"].iter().any(|l| from.starts_with(l)) || fold(&message.subject).contains("горяч") && staff;
    if staff && line && message.in_reply_to.is_empty() {
        return Sorted { relayed: true, ..is(Kind::StaffForm, None, "запись горячей линии без граф", 0.85) };
    }
    let passed = quoted::passed_on(message, context.own);
    let passing = signs.count(3) > 0 || staff && signs.count(8) > 0;
    if let Some(passed) = passed.filter(|p| staff && p.from.email != from || passing && p.from.email != from && !is_staff(&p.from.email, context)) {
        return Sorted { passed: Some(passed), ..is(Kind::StaffForm, None, "сотрудник пересылает письмо семьи", 0.95) };
    }
    let thread = thread::find(message, context);
    if thread.id.is_some() || thread.answers_us {
        let kind = if thread::survey(message, &thread) { Kind::SurveyAnswer } else { Kind::ReplyToThread };
        let why = if kind == Kind::SurveyAnswer { "ответ на анкету" } else { "ответ на наше письмо" };
        return Sorted { thread, relayed: false, ..is(kind, None, why, 0.95) };
    }
    if thread::survey(message, &thread) {
        return Sorted { thread, ..is(Kind::SurveyAnswer, None, "заполненная анкета", 0.85) };
    }
    if passing && !family_of_own(&words) {
        return Sorted {
            relayed: true, ..is(Kind::StaffForm, None, "сотрудник передаёт просьбу семьи своими словами", 0.8)
        };
    }
    let advert = if staff || family { 0 } else { Signs::of(&Words::new(&body.whole)).count(1) + titled.count(1) };
    let links = cut(&body.whole, TEXT_LIMIT).matches("http").count().min(3);
    // Whoever asks and links nothing may well be a parent who writes of a bill.
    let letter_class = super::contact::class(cut(&body.own, TEXT_LIMIT), false);
    let asking = links == 0 && advert < 3 && (body.own.contains('?') || words.tokens.iter().any(|t| t.norm.starts_with("подскаж") || t.norm.starts_with("помогит")));
    let advert = if asking { advert.saturating_sub(1) } else { advert };
    if !staff && !family && ((advert >= 2 || (advert == 1 && links > 0)) && letter_class.is_none() || advert >= 4) {
        return is(Kind::SpamOrList, Some("spam"), "реклама или обман: признаки рассылки в тексте", 0.8);
    }
    // Thanks and nothing else: somebody whom the school has helped.
    let thanks = signs.count(7) > 0 && signs.count(6) == 0 && words.tokens.len() < 70 && !body.own.contains('?') && message.attachments.is_empty();
    if thanks && words.tokens.iter().take(12).any(|t| t.norm.starts_with("спасиб") || t.norm.starts_with("благодар") || t.norm.starts_with("поблагодар") || t.norm.starts_with("признательн")) {
        return Sorted { thread, ..is(Kind::ReplyToThread, None, "благодарность, о новом не просят", 0.7) };
    }
    if words.tokens.len() < 25 && signs.count(4) > 0 && !family && super::contact::class(cut(&body.own, TEXT_LIMIT), false).is_none() {
        return Sorted { thread, ..is(Kind::ReplyToThread, None, "похоже на ответ нам, но без следа переписки", 0.6) };
    }
    Sorted { thread, ..is(Kind::NewAppeal, None, "новое письмо человека", 0.9) }
}

/// The letter of ours that a report is about: returned with it, answered by it, or copied into its text.
fn named(message: &Message, context: &Context<'_>) -> Option<String> {
    let copied = || {
        let id = cut(&message.body.whole, 16 * 1024).lines().find_map(|l| {
            let (name, value) = l.trim_start_matches(['>', ' ', '\t']).split_once(':')?;
            name.eq_ignore_ascii_case("message-id").then(|| value.trim().trim_matches(['<', '>']).to_owned())
        })?;
        thread::ours(&id, context).then_some(id)
    };
    let told = message.returned_id.as_deref().into_iter().chain(message.answers()).find(|id| thread::ours(id, context)).map(str::to_owned);
    told.or_else(copied)
}

/// «Мой сын», «я мама»: the sender speaks of the own family, not of somebody's else.
fn family_of_own(words: &Words<'_>) -> bool {
    words.tokens.windows(2).any(|w| {
        matches!(w, [a, b] if matches!(a.norm.as_str(), "мой" | "моя" | "моего" | "моей" | "моему" | "мою") && ["сын", "доч", "ребен", "внук", "внуч"].iter().any(|k| b.norm.starts_with(k)))
    })
}
