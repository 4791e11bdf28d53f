//! A letter that asks for help before intermediate certification (003 3.7).
//!
//! Not here: the school subjects that a text names (`subjects`), which group it goes to (`decide`). Asked only of appeals for help with a subject, not of every letter.

use super::phrases::Matcher;
use super::words::Words;
use std::sync::LazyLock;

/// The certification by name; a test of the whole course or year; what tells that it is yet to come; what tells that it is over; the state's own examination.
static PHRASES: LazyLock<Matcher> = LazyLock::new(|| {
    Matcher::of(&[
        &["промежуточн*|=пром аттестац*", "аттестац* .. промежуточн*", "промежуточную|промежуточной"],
        &[
            "годов*|итогов*|переводн*|курсов* .. контрольн*|зачет*|экзамен*|тест*|срез*|аттестац*",
            "контрольн*|зачет*|экзамен*|тест* .. за|по|по_итогам|в_конце|по_окончании .. год|года|году|курс|курсу|курса|полугодие|полугодия|модуль|модуля|предмета",
            "зачет*|экзамен* .. по .. модулю|курсу",
            "перед|накануне аттестац*",
            "аттестац* .. за|по .. год|года|предмету|курсу|русскому|математике|алгебре|геометрии|физике|химии|истории|английскому|биологии|географии",
        ],
        &[
            "перед|накануне|предстоит|предстоящ*|скоро|близится|приближает*|впереди|будет|будут",
            "подготов*|готовит*|готовим*|готовлю*",
            "консультац*|проконсультир*",
            "к .. аттестац*|зачету|экзамену|контрольной|тесту",
        ],
        &[
            "написал*|сдал*|завалил*|провалил*|получил*|прошел|прошла|была|был .. контрольн*|зачет*|экзамен*|аттестац*|тест*",
            "после|за|по_результатам .. контрольн*|зачета|экзамена|аттестации|теста",
        ],
        &["=огэ|=егэ|=гиа|=гвэ|=впр", "государственн* .. итогов*|экзамен*|аттестац*", "итогов* .. государственн*", "педагог*|учител* .. аттестац*"],
    ])
});

/// In the author's words, where the appeal is about intermediate certification that is yet to come.
pub fn before_certification(text: &str) -> Option<String> {
    let words = Words::new(text);
    let hits = PHRASES.find(&words);
    let has = |rule| hits.iter().any(|h| h.rule == rule);
    // The longest hit reads best as a reason.
    let named = hits.iter().filter(|h| h.rule == 0).max_by_key(|h| h.last - h.first);
    let found = named.or_else(|| hits.iter().find(|h| h.rule == 1))?;
    let ahead = has(2);
    // «Написал годовую контрольную на два, помогите разобраться» is help like any other; the state's examination has rules of its own.
    let other = (has(3) && !hits.iter().any(|h| h.rule == 2 && h.last.abs_diff(found.first) <= 6)) || (named.is_none() && has(4));
    (ahead && !other).then(|| words.quote(found))
}
