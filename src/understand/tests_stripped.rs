//! Tests of what is kept of a letter that people moved: sentences invented for this file.

use super::stripped::stems;
use super::words::{Words, fold};
use super::{Category, Learned, Topics};

/// Texts and the words of each that must not stay, as they stand there.
const SECRETS: &[(&str, &str)] = &[
    ("Здравствуйте! Меня зовут Айгюль Тагирова, мама Мирослава из 7 Б. Сын забыл пароль от дневника.", "Айгюль Тагирова Мирослава 7 Б"),
    ("добрый день, я мама коли зайцева, 5а, не открывается журнал", "коли зайцева 5а"),
    ("Пишет Вам Пётр Ильич Мороз. Прошу помочь с ноутбуком.\n\nМороз П. И.", "Пётр Ильич Мороз П И"),
    ("Вопрос по оценке Насте Льву Павла Марией Артёмом Дашу", "Насте Льву Павла Марией Артёмом Дашу"),
    ("учительница наталья сергеевна кричит на детей, лебедевой я это говорила", "наталья сергеевна лебедевой"),
    (
        "Позвоните: +7 900 000-00-17 или восемь девятьсот, пишите на vera.lunina@mail.example или https://vk.example/vera_lunina?id=77",
        "900 000 00 17 восемь девятьсот vera lunina mail example vk vera_lunina id 77",
    ),
    ("Живём на улице Садовой, дом 5, квартира 12, проспект мира тоже рядом. Нет компьютера.", "Садовой 5 12 мира"),
    ("Логин ivanova12, пароль qwerty не подходит", "ivanova12 qwerty"),
    ("Мой сын семиклассник, в пятом был отличником, а в 8-м «Г» скатился", "семиклассник пятом 8 Г"),
    ("Не работает сферум у Гордея.\nС уважением,\nМирон Чжан", "Гордея Мирон Чжан"),
    ("СРОЧНО! ИВАНОВ ПЕТЯ НЕ ДОПУЩЕН К ОГЭ", "ИВАНОВ ПЕТЯ"),
    ("Анна-Мария не ходит в школу.Сергей Петрович знает", "Анна Мария Сергей Петрович"),
    ("классный руководитель И.И.Кравец отказала в справке, и Кравец И. сказала ждать", "Кравец"),
    ("сыну мирославу трудно, дочь айлин плачет", "мирославу айлин"),
    ("Ученица Белых Вера болеет. Вере нужны задания, Верой занимались дома.", "Белых Вера Вере Верой"),
    ("ник в сферуме zaya_2014, имя кримхильда бургундова", "zaya_2014 кримхильда бургундова"),
    ("Из села Верхние Мульты не доехать, деревня кукуево тоже далеко", "Верхние Мульты кукуево"),
];

#[test]
fn nothing_stays_by_which_somebody_could_be_known() {
    let mut wrong = Vec::new();
    for (text, secrets) in SECRETS {
        let kept = stems(text, &[]);
        for word in Words::new(secrets).tokens {
            if kept.iter().any(|k| k == word.stem()) {
                wrong.push(format!("«{}» of «{text}» stays: {kept:?}", word.norm));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn common_words_stay() {
    let cases = [
        (
            "Здравствуйте! Не открывается электронный дневник, забыли пароль. Помогите восстановить доступ.",
            "открывается электронный дневник пароль помогите восстановить доступ",
        ),
        ("Сын заикается, логопед нужен. Какие документы принести на комиссию?", "заикается логопед нужен документы комиссию"),
        ("Четвертные оценки за первую четверть занизили", "четвертные оценки четверть занизили"),
        ("Как подготовиться к ОГЭ по физике? Нужны дополнительные занятия.", "огэ подготовиться физике дополнительные занятия"),
        ("Велопарковка у крыльца сломана, самокаты ставить негде", "велопарковка крыльца сломана самокаты ставить"),
    ];
    for (text, words) in cases {
        let kept = stems(text, &[]);
        for word in Words::new(words).tokens {
            assert!(kept.iter().any(|k| k == word.stem()), "«{}» of «{text}» is gone: {kept:?}", word.norm);
        }
        assert!(kept.is_sorted() && kept.windows(2).all(|w| w[0] != w[1]), "{kept:?}");
    }
}

#[test]
fn people_that_are_known_go_in_every_form() {
    let people = ["Белый Тимур", "Зима Ольга Юрьевна", "Мышкин-Кораблёв Ян"];
    let text = "белого кораблём зимой зиме белому мышкиным кораблева забыли тетрадь раздевалке";
    assert_eq!(stems(text, &people), {
        let mut left: Vec<String> = Words::new("забыли тетрадь раздевалке").tokens.iter().map(|t| t.stem().to_owned()).collect();
        left.sort();
        left
    });
}

#[test]
fn too_little_teaches_nothing() {
    assert_eq!(Learned::of(Category::Other, "Здравствуйте! Иванова Мария, 5А", &[]), None);
    assert_eq!(Learned::of(Category::Other, "", &[]), None);
    assert!(Learned::of(Category::Other, "потеряли синюю шапку раздевалке", &[]).is_some());
}

#[test]
fn any_text_is_taken_in_time() {
    let texts = [
        "а.".repeat(40_000),
        "Иванов ".repeat(10_000),
        "@".repeat(65_000),
        "улица\n".repeat(9_000),
        "сын ".repeat(20_000),
        "\n".repeat(65_000),
        "1а".repeat(30_000),
    ];
    for text in &texts {
        let kept = stems(text, &["Иванов Иван", "Сынов А."]);
        assert!(kept.len() <= 400 && !kept.iter().any(|k| fold(k).contains("иванов")));
    }
}

#[test]
fn one_lesson_moves_the_next_letter_of_its_kind_and_no_other() {
    let topics = Topics::embedded();
    let moved = "Велопарковка у крыльца сломана: самокаты и велосипеды ставить негде, замок на стойке сорвали.";
    let next = "Добрый день. Куда детям ставить самокаты? Велопарковка у школы сломана.";
    let sort = |topics: &Topics, text: &str| super::sorted(topics, "", text, "");
    let lesson = Learned::of(Category::SocialPedagogue, moved, &[]).unwrap();
    let taught = topics.learned(std::slice::from_ref(&lesson));
    assert_ne!(sort(&topics, next), Some(Category::SocialPedagogue));
    assert_eq!(sort(&taught, next), Some(Category::SocialPedagogue));
    for other in ["Не открывается электронный дневник", "Сын не выговаривает р", "Потеряли шапку в раздевалке"]
    {
        assert_eq!(sort(&topics, other), sort(&taught, other), "{other}");
    }
    assert_eq!(sort(&topics.learned(&[]), next), sort(&topics, next), "without lessons all is as it was");
}

#[test]
fn zz_debug() {
    use Category::*;
    let topics = Topics::embedded();
    let pairs = [
        (SocialPedagogue, "Велопарковка у крыльца сломана: самокаты и велосипеды ставить негде, замок на стойке сорвали.", "Добрый день. Куда детям ставить самокаты? Велопарковка у школы сломана."),
        (Technical, "Здравствуйте! Браслет для прохода не срабатывает на турникете, охрана записывает в тетрадь.", "Турникет не видит браслет дочери, каждый день ждём охранника."),
        (Other, "Подскажите, как получить промокод на олимпиадные курсы, нам обещали его после тестирования.", "Прошли тестирование, а промокод на курсы не прислали."),
        (LearningHelp, "Сын записался на проект по робототехнике, но не знает, с чего начать презентацию.", "Дочери нужно начать проект, тему по робототехнике дали, а что дальше, не понимает. Кто может помочь с презентацией?"),
        (Equipment, "Можно ли получить наушники с микрофоном для устной части экзамена?", "Для устной части нужны наушники, где их можно взять?"),
        (Psychologist, "Ребёнок целыми ночами сидит в играх, утром не добудиться, уроки забросил.", "Сын всю ночь в играх, уроки забросил, не знаем, что делать."),
        (Ejournal, "Не вижу расписание замен на завтра, где его смотреть родителям?", "Где родителям смотреть замены на завтра? Расписание не открывается."),
        (Other, "Хотим устроить чаепитие после концерта, можно ли занять столовую?", "Родители класса просят столовую для чаепития после концерта."),
    ];
    for w in [1.0f32, 3.0, 5.0, 8.0, 12.0, 20.0] {
        let (mut right, mut told) = (0, String::new());
        for (category, moved, next) in pairs {
            let lesson = Learned::of(category, moved, &[]).unwrap();
            let all: Vec<_> = super::examples::shipped().map(|(c, t)| super::examples::example(c, t)).chain([super::learned::Example { class: category.number(), stems: lesson.stems, weight: w }]).collect();
            let t = topics.trained(&all);
            let v = t.judge(&Words::new(""), &Words::new(next), None, "", None);
            let b = topics.judge(&Words::new(""), &Words::new(next), None, "", None);
            right += usize::from(v.category == Some(category));
            told += &format!(" {:?}({:.2})->{:?}({:.2}) want {category:?};", b.category.unwrap(), b.confidence, v.category.unwrap(), v.confidence);
        }
        println!("{w}: {right}/8 {told}");
    }
}
