//! Who the people of a letter are: the author's role, members of staff that are named.
//!
//! Not here: the author's and the child's name (`author`).

use super::author::Side;
use super::name_words;
use super::names::parts;
use super::phrases::Matcher;
use super::words::{Words, stem};
use super::{Role, StaffName};
use std::sync::LazyLock;

const ROLES: &[&[&str]] = &[
    // 0 a parent
    &[
        "мой|моя|моего|моей|моему|нашего|нашей|наш|наша|моих|сына|сыну|дочери .. ребенок|ребенка|ребенку|сын|сына|сыну|дочь|дочери|дочка|дочку|внук|внука|внуку|внучка|внучки|дети|детей|сыном",
        "=я .. мама|мать|папа|отец|бабушка|дедушка|опекун|родитель|одна|вдовец|тетя|сестра|мачеха|отчим|прабабушка|попечитель",
        "у меня .. сын|дочь|дети|ребенок|двое|трое|внук|внучка",
        "сын|дочь|дочка|дочке|дочки|сына|сыну|дочери|внук|внучка|внука|внучки|ребенок|ребенка|ребенку|ребенком|сыном|дочкой|дочерью|сынок|сынишка|сыночек|сынуля|доча|доченька|дочурка|внучок",
        "законный представитель",
        "мама|папа|отец|мать|бабушка|дедушка|опекун .. ученика|ученицы|учеников",
        "нашей|нашего|нашему семь*",
        "муж|жена|мужа|мужем|мужу|женой|жены",
        "правнук|правнука|племянник|племянника|племянником|племянница|подопечный|подопечная|пасынок|падчерица|опекаемый|опекаемая|крестник|крестница",
        "папа|мама|бабушка|дедушка|отец|мать|прабабушка|опекун|тетя + пишет|обращается",
        "внуки|внуков|детьми|детям|ребят* .. моих|наших",
        "=мальчик|=девочка + мой|моя|наш|наша",
        "дети|детей|детям|ребята .. мои|наши|у_нас|двое|трое",
        "мы .. болеем|заболели|пропустили|переехали|переезжаем|поступаем|пойдем_в",
        "=родитель|=родители .. ученик*|5|6|7|8|9",
        "брат|сестра .. младший|младшая|учится|ходит",
        "сестренк*|братишк*|младшего_брата|младшей_сестры|младший_брат|младшая_сестра",
    ],
    // 1 a pupil
    &[
        "=я .. ученик|ученица|=учусь|школьник|школьница|семиклассник|восьмиклассник|девятиклассник|десятиклассник|шестиклассник|одиннадцатиклассник|восьмиклассница|девятиклассница|десятиклассница|семиклассница|пятиклассник|пятиклассница|шестиклассница|одиннадцатиклассница|выпускник|выпускница",
        "=учусь",
        "=учимся .. в",
        "мне .. лет",
        "мама|папа|родители|предки .. не знает|знают|говорит|говорят|сказала|ругает*|ругают*|против|убьет|узнает|разреш*|велела|попросила",
        "мама|папа|родители .. сказала|сказал|говорят|знают|узнали|думает|велела|попросила|разрешили|ругаются|ругают",
        "мои|моя|мой|моего|моей|моим .. родители|мама|папа|отец|отчим + =я|мне|меня",
        "наш|наша|нашей .. классная|классной|училка|классуха",
        "=я .. забыл|забыла|потерял|потеряла|пропустил|пропустила|болел|болела|написал|написала|сдал|сдала|сделал|сделала .. парол*|логин*|тест*|контрольн*|уроки|тему|дз|зачет|проект*|работу|задани*|домашк*",
        "забыл|забыла|сделал|сделала|скинул|скинула|задали .. домашк*|дз|домашку|домашнее",
        "сдаю|сдавать .. огэ|егэ|экзамен|впр",
        "мои_одноклассники|моем_классе|моего_класса|моя_учительница|мой_учитель|моим_одноклассникам|мои_одноклассницы|одноклассники_меня",
        "=я из",
        "у меня .. дневнике|двойка|тройка|долг|егэ|огэ|контрольная|тест|зачет|самостоятельная|по_алгебре|по_физике|по_русскому|по_химии|по_английскому|оценк*|двойки|пятерк*|четверк*|долги",
        "можно мне|=я|меня",
        "мне 10|11|12|13|14|15|16|17",
        "=я .. =сдаю|непонял|непоняла|пишу_с_компа|прогулял*|один_из_класса",
        "мама|папа|родители .. тоже|думает|забрала|забрал|узнали|узнали_бы|одна",
        "пишем .. всем|от|мы",
        "нас .. сажают|заставляют|спрашивают",
        "=я .. 5а|5б|6а|6б|7а|7б|8а|8б|9а|9б|10а|10б|11а|11б|5в|6в|7в|8в|9в|5г|6г|7г|8г|9г",
        "дома .. =говорят",
        "светлана|елена|ольга|наталья .. сказала сдать",
        "=сдаю .. проект|работу|огэ|егэ",
        "наши|нашим|нам .. учителя|ставят|задают|объясняли",
        "учителя .. требуют|ставят",
        "только .. родителям|маме|папе .. не",
        "не говорите|рассказывайте .. маме|родителям|папе",
        "мне .. поставили|поставила|поставил|ставят|ставит|занизили|занизила|не_поставили|не_засчитали|не_выставили|не_зачли|задали",
        "меня .. бьют|травят|обижают|дразнят|выгнали|не_пустили|спросили|вызвали_к_доске|не_допустили|унижа*|пересадили",
        "мой|мою|моя|мои .. парта|шкафчик|двойк*|четверт*|оценк*|проект|рюкзак|одноклассник|одноклассница|класс",
        "пересдать|пересдача|пересдачу|пересдачи .. по|когда|можно",
        "чтобы родители|мама .. не знали|узнали|знала|узнала",
        "=хочу .. подтянуть|сдать|пересдать|поступ*|исправить",
        "=завалил|=завалила|=прогулял|=прогуляла|=списал|=списала|=опоздал|=опоздала",
        "мы .. всем_классом|с_классом|с_ребятами|с_одноклассниками|с_девочками|с_пацанами",
        "не_могу .. делать_уроки|сделать_домашк*|сдать_тест|делать_проект",
        "нам .. сдавать|писать|проходить|защищать",
        "у меня .. забрали|отобрали|отняли|украли|сломали",
        "не_можем .. делать|сдать .. проект|тест",
    ],
    // 2 a teacher
    &[
        "=я .. учитель|педагог|преподаватель|преподаю|классный",
        "веду .. урок*|математик*|русск*|английск*|физик*|класс|истори*|хими*|предмет",
        "мои|моих|моим|моими ученики|учеников|ученикам|учениками",
        "=я .. веду|преподаю",
        "в моем классе",
        "на моем|моих уроке|уроках",
        "у меня .. ученики|ученик|надомник*",
        "у_меня двое|трое|четверо|урок|класс",
    ],
    // 3 an outsider
    &[
        "сосед|соседка|соседи|соседский",
        "живет .. подъезде",
        "резюме|вакансия|вакансии|вакансию|трудоустройство|соискатель",
        "прошу|просим .. представить|предоставить .. информацию|сведения|характеристик*",
        "управление|департамент|министерство .. образования",
        "наша компания|организация|фирма",
        "=живу .. рядом|напротив|около|возле|доме",
        "жители|жителей|жильцы|жильцов .. дома|домов|подъезд*|района|улиц*",
        "председатель .. дома|тсж|тсн|тос",
        "ищу работу|место",
        "устроиться .. на_работу|учителем|к_вам",
        "редакция|журналист|корреспондент|депутат|полиция|пдн",
        "прошу .. принять|взять .. на_работу",
        "студент|студентка .. практик*|педвуз*|курса",
        "окончил|окончила|закончил|закончила|выпускник|выпускница .. школу|вашу|года|лет",
    ],
    // 4 children in general
    &["дети|детей|детям|детьми|ребята|ребятам|ребят|классный_чат", "=родитель|=родителям|=родители"],
    // 5 who says in so many words that he teaches
    &["=я учитель|педагог|преподаватель|преподаю", "=я .. классный_руководитель", "=я .. учитель .. математик*|физик*|русск*|истори*|хими*|начальн*|класс*"],
];
static ROLE: LazyLock<Matcher> = LazyLock::new(|| Matcher::of(ROLES));

/// What the words of a letter say of its author, counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    parent: usize,
    pupil: usize,
    teacher: usize,
    outside: usize,
    children: bool,
    /// «я ученик», «учусь».
    said_pupil: bool,
    said_teacher: bool,
    /// «она расстроена», «ему»: somebody else is spoken of.
    third: bool,
}

/// Reads the words once for all questions about the author. A display name such as «мама Оли» speaks for a parent.
pub(super) fn evidence(words: &Words<'_>, display: Option<&str>) -> Evidence {
    let hits = ROLE.find(words);
    let count = |n: usize| {
        let mut ends: Vec<usize> = hits.iter().filter(|h| h.rule == n).map(|h| h.last).collect();
        ends.dedup_by(|a, b| a.abs_diff(*b) < 3);
        ends.len()
    };
    let kin = |word: &str| name_words::is_kin(word.trim_matches(|c: char| !c.is_alphabetic())) && !word.is_empty();
    let relative = display.is_some_and(|d| super::words::fold(d).split_whitespace().any(kin));
    // «мать ученика», «Иванова, бабушка»: a relative named at the end signs.
    let tail = words.tokens.len().saturating_sub(14);
    let signs = words.tokens.iter().enumerate().any(|(i, t)| {
        let next = words.norm(i + 1);
        i >= tail && kin(&t.norm) && !words.norm(i + 2).starts_with("не") && !like_verb(next) && words.norm(i.wrapping_sub(1)) != "моя" && t.norm != "родители"
    });
    let said = words.tokens.windows(2).any(|w| matches!(w, [a, b] if a.norm == "я" && (b.norm == "ученик" || b.norm == "ученица" || b.norm == "учусь")));
    Evidence {
        parent: count(0) + 2 * usize::from(relative) + usize::from(signs),
        pupil: count(1),
        teacher: count(2),
        outside: count(3),
        children: count(4) > 0,
        said_pupil: said,
        said_teacher: count(5) > 0,
        third: words.tokens.iter().any(|t| matches!(t.norm.as_str(), "она" | "он" | "ей" | "ему" | "нее" | "него" | "ней" | "ним")),
    }
}

/// «мама сказала», «папа не знает»: a pupil speaks of a parent.
fn like_verb(word: &str) -> bool {
    word == "не" || word == "тоже" || word == "и" || ["ет", "ит", "ут", "ют", "ат", "ят", "ла", "ли", "лся", "ал", "ил"].iter().any(|e| word.ends_with(e))
}

impl Evidence {
    fn is_pupil(self) -> bool {
        self.said_pupil || self.pupil > 0 && (self.parent == 0 || self.pupil > self.parent)
    }

    /// On whose side the letter stands before its class and its signature are known.
    pub(super) fn side(self) -> Side {
        if self.is_pupil() {
            Side::Pupil
        } else if self.parent > 0 {
            Side::Parent
        } else {
            Side::Open
        }
    }

    /// The role. `staff` says that the sender is of the school; `signed_class` that the author's own name stands beside a class of the upper school.
    pub(super) fn role(self, has_class: bool, staff: bool, signed_class: bool) -> Role {
        if staff {
            return if self.teacher > 0 || self.said_teacher || has_class { Role::Teacher } else { Role::Staff };
        }
        if self.said_teacher && !self.said_pupil && self.parent == 0 {
            return Role::Teacher;
        }
        if self.outside > 0 && self.parent == 0 && self.pupil == 0 {
            return Role::Unknown;
        }
        if self.is_pupil() {
            return Role::Pupil;
        }
        if self.teacher > self.parent {
            return Role::Teacher;
        }
        if self.outside > self.parent {
            return Role::Unknown;
        }
        if self.parent == 0 && signed_class && !self.children && !self.third {
            return Role::Pupil;
        }
        if self.parent > 0 || has_class || self.children { Role::Parent } else { Role::Unknown }
    }
}

/// Ids of staff whom the text names: the surname in any case, with a first name, a patronymic or an initial beside it, or a surname that is nobody else's
/// part of the author's name; also «Мария Ивановна» without the surname where only one has it.
pub(super) fn staff_named(words: &Words<'_>, staff: &[StaffName], author: Option<&str>) -> Vec<String> {
    let author = author.map(parts).unwrap_or_default();
    let mut found = Vec::new();
    for person in staff {
        let names = parts(&person.name);
        let Some(surname) = names.first().filter(|s| !author.iter().any(|a| a.norm == s.norm)) else { continue };
        let root = name_root(&surname.norm);
        let by_surname = words.tokens.iter().enumerate().any(|(i, t)| {
            name_root(&t.norm) == root
                && words.text.get(t.at.clone()).is_some_and(|raw| raw.chars().next().is_some_and(char::is_uppercase))
                && !kindly(words, i)
        });
        let by_name = match (names.get(1), names.get(2)) {
            (Some(first), Some(patronymic)) => {
                let alone = staff
                    .iter()
                    .filter(|s| parts(&s.name).get(1).is_some_and(|f| f.norm == first.norm) && parts(&s.name).get(2).is_some_and(|p| p.norm == patronymic.norm))
                    .count()
                    == 1;
                let (f, p) = (bare(&first.norm), bare(&patronymic.norm));
                let case = |word: &str, bare: &str| word.strip_prefix(bare).is_some_and(|end| end.chars().count() <= 3);
                alone && words.tokens.windows(2).enumerate().any(|(i, w)| matches!(w, [a, b] if case(&a.norm, f) && case(&b.norm, p)) && !kindly(words, i))
            }
            _ => false,
        };
        if by_surname || by_name {
            found.push(person.id.clone());
        }
    }
    found
}

/// A first name or patronymic without its ending: «Нин», «Аркадьевн», «Игор».
fn bare(word: &str) -> &str {
    word.trim_end_matches(['а', 'я', 'й', 'ь', 'и'])
}

/// «Спасибо Марии Ивановне», «хотим попасть к Соколовой»: named, but not what the letter is about.
fn kindly(words: &Words<'_>, name: usize) -> bool {
    let before = |n: usize| name.checked_sub(n).filter(|&i| words.together(i, name)).map_or("", |i| words.norm(i));
    let wish = |w: &str| ["запис", "попаст", "консультац", "обратит", "поговорит", "встрет", "посоветова"].iter().any(|p| w.starts_with(p));
    (1..=3).any(|n| before(n).starts_with("спасибо") || before(n).starts_with("благодар")) || (before(1) == "к" && (2..=4).any(|n| wish(before(n))))
}

/// A surname without its ending of gender and case: «Соколова», «Соколовой», «Соколову» are one; so are «Зимина», «Зиминой».
fn name_root(word: &str) -> String {
    for end in [
        "скому",
        "ского",
        "ским",
        "ской",
        "ская",
        "ский",
        "скую",
        "ском",
        "овой",
        "евой",
        "иной",
        "ыной",
        "ову",
        "еву",
        "ину",
        "ыну",
        "ова",
        "ева",
        "ина",
        "ына",
        "ове",
        "еве",
        "ине",
        "овым",
        "евым",
        "иным",
        "ов",
        "ев",
        "ин",
        "ын",
    ] {
        if let Some(root) = word.strip_suffix(end).filter(|r| r.chars().count() >= 2) {
            let class: String = end.chars().take(2).collect();
            return format!("{root}{class}");
        }
    }
    stem(word)
}
