//! Tests of answered questionnaires: between the lines, in any order, in words. All answers are invented.

use super::survey;
use super::tests_answers::all_right;

type Case = (&'static str, Option<u8>, Option<&'static str>, Option<bool>);

/// Text, score, include, recommend.
const FIRST: &[Case] = &[
    ("организация консультации: 5\nпонятность рекомендаций: 5\nудобство связи: 4\nпрактики больше\nочень понравилось\nпожеланий нет\nда", Some(5), Some("practice"), Some(true)),
    ("5, 4, 4\nдостаточно\nвсё хорошо\nнет\nда", Some(4), Some("enough"), Some(true)),
    ("Пять пять четыре. Больше практики. Порекомендую.", Some(5), Some("practice"), Some(true)),
    ("Оценка 3. Мало теории. Рекомендовать не буду.", Some(3), Some("theory"), Some(false)),
    ("1) 5/5/5 2) теории больше 3) спокойно 4) - 5) да", Some(5), Some("theory"), Some(true)),
    ("Всё на отлично, всего хватило, знакомым посоветую", Some(5), Some("enough"), Some(true)),
    ("> 5. Порекомендовали бы Вы консультацию другим?\nнет\n> 1. Оцените по 5-балльной шкале\n> организация консультации\n2\n> понятность рекомендаций\n3\n> удобство связи\n2\n> 2. Что включить?\nбольше практики", Some(2), Some("practice"), Some(false)),
    ("> организация консультации - \n5\n> понятность рекомендаций - \n4\n> удобство связи - \n5\n> Больше практики / больше теории / всего достаточно\nвсего достаточно\n> Порекомендовали бы\nКонечно!", Some(5), Some("enough"), Some(true)),
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
