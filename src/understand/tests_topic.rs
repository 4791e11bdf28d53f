//! Tests of topics, danger, grief, complaints: sentences invented for this file, none from the corpus.

use super::words::{Matcher, Words};
use super::{Category, EMBEDDED, TopicRules, Topics, urgency};
use Category::*;

fn judge(text: &str) -> (Option<Category>, Vec<String>) {
    let verdict = Topics::embedded().judge(&Words::new(""), &Words::new(text), None, "", urgency::danger(&Words::new(text)).and_then(|d| d.leans));
    (verdict.category, verdict.reasons)
}

#[test]
fn every_embedded_file_compiles() {
    let rules: Vec<_> = EMBEDDED
        .iter()
        .map(|(name, text)| (Category::from_key(name.strip_suffix(".toml").unwrap()).unwrap(), toml::from_str::<TopicRules>(text).unwrap()))
        .collect();
    assert_eq!(rules.len(), Category::ALL.len(), "one file for each category");
    Topics::new(&rules).unwrap();
}

#[test]
fn mistakes_are_told_all_at_once() {
    let file: TopicRules = toml::from_str("[[rule]]\nwhy = \"x\"\nweight = 1\nphrases = [\"да*\", \"а + \", \"хорошо\"]\n").unwrap();
    let mistakes = Topics::new(&[(Other, file)]).unwrap_err();
    assert_eq!(mistakes.len(), 2, "{mistakes:?}");
    assert!(mistakes[0].contains("да*"));
}

#[test]
fn situations_of_a_school() {
    let table = [
        (Technical, "Не могу подключиться к уроку: ссылка не открывается, пишет, что время ожидания истекло."),
        (Technical, "На уроке всё время пропадает звук, учителя не слышно, хотя наушники новые."),
        (Technical, "Сын забыл пароль от школьной почты, помогите восстановить."),
        (Technical, "В 305 кабинете не работает проектор, посмотрите, пожалуйста."),
        (Technical, "Платформа с тестами вылетает на последнем вопросе и не сохраняет ответы."),
        (Ejournal, "В дневнике не видно оценок за неделю."),
        (Ejournal, "Стоит пропуск, хотя ребёнок был на уроке."),
        (Ejournal, "Не могу зайти в электронный журнал, старый логин не подходит."),
        (Ejournal, "Домашние задания перестали записывать в дневник."),
        (Ejournal, "Прошу дать доступ к дневнику отцу ребёнка."),
        (LessonQuality, "Учительница ничего не объясняет, дети переписывают параграф из учебника."),
        (LessonQuality, "Уже месяц нет уроков географии, замены тоже нет."),
        (LessonQuality, "Считаю, что оценку занизили несправедливо, прошу пересмотреть работу."),
        (LessonQuality, "Задают столько, что сидим за уроками до ночи."),
        (LessonQuality, "Тетради не проверяются с сентября."),
        (Equipment, "У нас нет компьютера, можно ли взять ноутбук в школе на время?"),
        (Equipment, "Телефон один на троих детей, не на чем заниматься."),
        (Equipment, "В деревне не ловит интернет, как быть с уроками?"),
        (Equipment, "Хотим вернуть планшет, который брали по договору."),
        (Psychologist, "Дочь каждое утро плачет и отказывается идти в школу."),
        (Psychologist, "Сын замкнулся, ни с кем не разговаривает после развода."),
        (Psychologist, "У ребёнка панические атаки перед экзаменом."),
        (Psychologist, "Одноклассники обзывают и смеются над ним."),
        (Psychologist, "Подросток грубит, скандалит, мы потеряли контакт."),
        (SpeechTherapist, "Ребёнок не выговаривает р и л."),
        (SpeechTherapist, "Сын стал заикаться."),
        (SpeechTherapist, "Пропускает буквы на письме, читает по слогам, боюсь, что дисграфия."),
        (SpeechTherapist, "Каша во рту, никто не понимает, что он говорит."),
        (SocialPedagogue, "Как оформить бесплатное питание многодетной семье?"),
        (SocialPedagogue, "Оформляем опеку над племянницей, какие бумаги нужны от школы?"),
        (SocialPedagogue, "Отца лишили родительских прав, он приходит и хочет забрать ребёнка."),
        (SocialPedagogue, "Нас вызывают на КДН, что это значит?"),
        (LearningHelp, "Пропустили месяц по болезни, как догнать программу по математике?"),
        (LearningHelp, "Дочь не понимает дроби, нужны дополнительные занятия."),
        (LearningHelp, "Кто может помочь подготовиться к ОГЭ по физике?"),
        (LearningHelp, "Можно распечатать задания на неделю, у нас нет интернета и принтера?"),
        (Other, "Потеряли в раздевалке синюю шапку и сменку."),
        (Other, "Нужна справка об обучении для бассейна."),
        (Other, "Обеды в столовой холодные."),
        (Other, "Когда начинаются каникулы?"),
        (Other, "Прошу удалить фотографию ребёнка с сайта."),
        (Other, "Здравствуйте."),
    ];
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(wanted, text)| {
            Some(judge(text)).filter(|(got, _)| *got != Some(*wanted)).map(|(got, why)| format!("«{text}»: {got:?} instead of {wanted:?}: {why:?}"))
        })
        .collect();
    assert!(wrong.len() <= 1, "{}", wrong.join("\n"));
}

#[test]
fn denial_is_no_wish() {
    assert_ne!(judge("Психолога нам не надо, дело в том, что уже месяц нет уроков химии.").0, Some(Psychologist));
    assert_ne!(judge("Мы не к логопеду, нам бы подтянуть математику перед ВПР.").0, Some(SpeechTherapist));
}

#[test]
fn danger_is_seen() {
    for text in [
        "Она сказала, что не хочет жить.",
        "нашла у него порезы на руках",
        "Выпила таблетки, молчит",
        "Без меня вам всем будет легче",
        "Раздаёт друзьям свои вещи и прощается",
        "Отчим бьёт мальчика ремнём",
        "Его каждый день бьют после школы",
        "Сына травят в чате, унижают",
        "Старшие отбирают у него деньги",
        "Дочь ушла из дома и не вернулась",
        "Ребёнок пропал, телефон выключен",
        "Дети второй день одни, мать в запое",
        "Мальчик приходит голодный, дома его не кормят",
        "На перемене потеряла сознание",
        "Взрослый мужчина пишет ей в интернете и зовёт на встречу, просит фото",
        "нет, мыслей о суициде у него нет",
        "боюсь идти домой, папа пьяный",
        "Тренер трогал её",
    ] {
        assert!(urgency::danger(&Words::new(text)).is_some(), "{text}");
    }
}

#[test]
fn idioms_and_haste_are_no_danger() {
    for text in [
        "СРОЧНО!!! Завтра экзамен, а ссылка не открывается!",
        "Эта программа сведёт меня с ума",
        "Убейте меня, но я не понимаю, как это решать",
        "Он чуть не умер со смеху",
        "Провайдер пропал, интернета нет",
        "Мама пьёт чай, а я делаю уроки",
        "Травли в классе нет, всё хорошо",
        "В прошлом году была травля, в новом классе дружит со всеми",
        "Приглашаем на вебинар о травле",
        "Цены бьют по карману",
        "Это просто издевательство над родителями: отчёты ночью",
    ] {
        assert_eq!(urgency::danger(&Words::new(text)), None, "{text}");
    }
}

#[test]
fn grief_and_complaint() {
    assert!(urgency::grief(&Words::new("У нас умерла мама Пети.")).is_some());
    assert!(urgency::grief(&Words::new("После пожара живём у родных.")).is_some());
    assert!(urgency::grief(&Words::new("У меня умер телефон.")).is_none());
    assert!(urgency::complaint(&Words::new("Прошу провести проверку, иначе обратимся в прокуратуру.")).is_some());
    assert!(urgency::complaint(&Words::new("Подскажите расписание звонков.")).is_none());
}

#[test]
fn phrases() {
    let found = |phrase: &str, text: &str| {
        let mut m = Matcher::default();
        m.add(0, phrase).unwrap();
        !m.find(&Words::new(text)).is_empty()
    };
    assert!(found("дневник", "в дневнике"), "any form of the word");
    assert!(found("откры*", "открылась"));
    assert!(!found("=меню", "у меня"));
    assert!(found("не .. открывается", "не хочет совсем открываться"));
    assert!(!found("не .. открывается", "не хочет. Открывается"), "a gap stays within the sentence");
    assert!(found("звук + нет", "Нет у нас в классе никакого звука"));
    assert!(!found("звук + нет", "Звук есть.\n\nНет времени."));
    assert!(found("ёлка", "ЕЛКИ"), "ё is е, case is folded");
    let many = "не открывается дневник ".repeat(10_000);
    assert!(!Matcher::of(&[&["не .. открывается"]]).find(&Words::new(&many)).is_empty(), "bounded on long texts");
}
