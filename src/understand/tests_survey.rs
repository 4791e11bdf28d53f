//! Tests of answered questionnaires: between the lines, in any order, in words. All answers are invented.

use super::survey;
use super::tests_answers::all_right;

type Case = (&'static str, Option<u8>, Option<&'static str>, Option<bool>);

/// Text, score, include, recommend.
const FIRST: &[Case] = &[
    (
        "организация консультации: 5\nпонятность рекомендаций: 5\nудобство связи: 4\nпрактики больше\nочень понравилось\nпожеланий нет\nда",
        Some(5),
        Some("practice"),
        Some(true),
    ),
    ("5, 4, 4\nдостаточно\nвсё хорошо\nнет\nда", Some(4), Some("enough"), Some(true)),
    ("Пять пять четыре. Больше практики. Порекомендую.", Some(5), Some("practice"), Some(true)),
    ("Оценка 3. Мало теории. Рекомендовать не буду.", Some(3), Some("theory"), Some(false)),
    ("1) 5/5/5 2) теории больше 3) спокойно 4) - 5) да", Some(5), Some("theory"), Some(true)),
    ("Всё на отлично, всего хватило, знакомым посоветую", Some(5), Some("enough"), Some(true)),
    (
        "> 5. Порекомендовали бы Вы консультацию другим?\nнет\n> 1. Оцените по 5-балльной шкале\n> организация консультации\n2\n> понятность рекомендаций\n3\n> удобство связи\n2\n> 2. Что включить?\nбольше практики",
        Some(2),
        Some("practice"),
        Some(false),
    ),
    (
        "> организация консультации - \n5\n> понятность рекомендаций - \n4\n> удобство связи - \n5\n> Больше практики / больше теории / всего достаточно\nвсего достаточно\n> Порекомендовали бы\nКонечно!",
        Some(5),
        Some("enough"),
        Some(true),
    ),
    ("на четвёрку, советовать буду", Some(4), None, Some(true)),
    ("Организация 5 понятность 4 удобство 3", Some(4), None, None),
    ("5+ за всё!", Some(5), None, None),
    ("Ставлю тройку: специалист опоздал. Больше практических упражнений нужно. Нет, не посоветую.", Some(3), Some("practice"), Some(false)),
];

pub(super) fn judge(cases: &[Case]) -> Vec<String> {
    cases
        .iter()
        .filter_map(|(text, score, include, recommend)| {
            let s = survey::read(text);
            let got = (s.score, s.include.as_deref(), s.recommend);
            (got != (*score, *include, *recommend)).then(|| format!("{}: {got:?} instead of {:?}", text.replace('\n', " / "), (score, include, recommend)))
        })
        .collect()
}

#[test]
fn surveys_of_the_first_set() {
    let wrong = judge(FIRST);
    all_right("surveys 1", FIRST.len(), &wrong);
}

const SECOND: &[Case] = &[
    ("4 5 5\nпрактики побольше\nполезно\nпроводить чаще\nда, конечно", Some(5), Some("practice"), Some(true)),
    (
        "1. Семёнова\nорганизация консультации: отлично\nпонятность рекомендаций: хорошо\nудобство связи: отлично\n2. всего было достаточно\n3. хорошее\n4. нет\n5. да",
        Some(5),
        Some("enough"),
        Some(true),
    ),
    ("Рекомендую всем! Оценка пять. Теории маловато.", Some(5), Some("theory"), Some(true)),
    ("удобство связи - 2\nпонятность рекомендаций - 4\nорганизация консультации - 3\nда\nтеории больше", Some(3), Some("theory"), Some(true)),
    (
        "> 2. Стоит ли включать в дистанционное консультирование: больше практики / больше теории / всего было достаточно\nбольше теории\n> 5. Порекомендовали бы Вы своим знакомым: да / нет\nскорее нет\n>    - организация консультации:\n3\n>    - понятность рекомендаций:\n3\n>    - удобство связи:\n4",
        Some(3),
        Some("theory"),
        Some(false),
    ),
    ("5 баллов, всё устроило, советую", Some(5), Some("enough"), Some(true)),
    ("Ставим четыре. Не хватило практики. Друзьям порекомендуем.", Some(4), Some("practice"), Some(true)),
    ("2) достаточно 1) 4, 4, 5 5) нет 3) так себе", Some(4), Some("enough"), Some(false)),
];

#[test]
fn surveys_of_the_second_set() {
    let wrong = judge(SECOND);
    all_right("surveys 2", SECOND.len(), &wrong);
}
