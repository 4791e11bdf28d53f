//! Words that make up names, and the names that stand in a text, with what stands around them.
//!
//! Not here: whose name it is (`author`, `people`). A text is read once, word by word.

use super::words::{TEXT_LIMIT, cut, fold};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Common first names and short forms, folded: Russian ones, then those of the peoples of Russia and its neighbours.
const FIRST: &str = "
августина аврора агата агафья агния ада аделаида адриан аким аксинья алевтина александр александра алексей алена алеся алеша алина алиса алла альберт альбина альбинка анастасия анатолий ангелина андрей андрюша анжела анжелика анисья анна анна-мария анечка антон антонина антоша анфиса аня аполлинария ариадна ариана арина аркадий арсений арсентий артем артемий артемка артур архип ася афанасий белла богдан богдана борис боря бронислав вадик вадим валентин валентина валера валерий валерия валерка валя ваня варвара варя василий василина василиса вася венера вениамин вера верочка вероника веста вика викентий виктор виктория виола виолетта виталий виталик виталина виталя витя влад влада владик владимир владислав владислава владлен владлена влас вова вовка володя всеволод вячеслав гавриил гаврил галина галка галя гена генриетта генрих геннадий георгий герман гертруда глафира глеб гордей гоша григорий гриша давид дана даниил данила данил даня дарина дарья даша дашенька дашуля декабрина демид демьян денис дима димка дина дмитрий доминика дорофей ева евангелина евгений евгения евдоким евдокия евлампия евсей егор егорка екатерина елена елизавета елисей емельян ерема ермолай ерофей есения ефим ефросинья жанна женя жора захар зина зинаида злата зоя иван ванечка ваняша игнат игнатий игорь игорек изабелла изольда илария илона илья илюша инга инесса инна иннокентий иосиф ипполит ира ираида ирина ириша ирма исидор ия казимир калерия капитолина карина каролина катерина катя катюша ким кира кирилл кирюша клавдия клара клим климент коля кондрат константин корней костя кристина ксения ксюша кузьма лада лана лариса лаврентий лев лева леля лена леонид леонтий леня лера леся леша лида лидия лиза лика лилиана лилия лиля лина лина лия лола лолита лора лука лукерья лукьян луиза любава любовь люба любаша людмила люда люся мавра майя макар макс максим максимилиан маланья маргарита марго марина маринка мария марк марианна марта мартин марфа маруся марьяна матвей матрена маша машенька мелания мила милана милена милица мира мирон мирослав мирослава митя михаил мишель миша мишка модест мотя муза надежда надя настасья настя настенька наталия наталья наташа ната натали наум нелли неля ника никита никодим николай никон нил нина нинель нонна нона оксана октябрина олег олеся олимпиада ольга оля оленька остап павел павлик павлина паша пелагея петр петя платон полина поля прасковья прохор радион рада раиса рая регина рената римма рита ритта роберт родион роза розалия роксана роман рома ростислав рудольф руфина сабина савва савелий саша сашка сашенька саня света светлана светик святослав сева севастьян семен сема серафим серафима сергей сережа серега слава снежана соломон софия софья соня степан степанида степа стефания стелла станислав стас стеша сусанна тамара тара тарас тася татьяна таня танюша таисия таисья тая тихон тимофей тима тимур тоня толя тома ульяна уля устинья фаддей фаина федор федя федот фекла феликс филипп фома фрол фрося харитон христина эвелина эдгар эдуард эдик элеонора элина элла эля эльвира эльза эмилия эмиль эмма эраст эрик эрнест юлиан юлиана юлия юля юленька юра юрий юлий юстина яков ян яна янина ярослав ярослава яша
адель аделина адилет азат азамат азиз азиза азима аида айбек айгерим айгуль айдар айнур айнура айрат айсель айсылу айша акмаль акрам алан алибек али алим алима алихан алия аллахверди алмаз алмагуль алсу алтынай альфия альфира амалия амантай амина аминат амир амира амирхан анвар анзор анаит анаида ани ануш арам арман армен армине арсен арсланбек арслан артак асан асель асет асият аслан асланбек асхат ашот ашхен аяна аят баир баира батыр батраз бахтияр бахтиер бахром баходир бекзат бекмурза белек бибигуль билал болот бэлигма булат вагиф ваге ваган вазген валида вахтанг вахид венер вугар гаджи гаджимурад галия гамлет ганна гарик гаяне гевонд георги гиви гиорги гоар гога гор грант гузель гуля гульбахор гульмира гульнар гульнара гульназ гульнора гульсина гульчехра гульшат гурам гюзель гюльнара гюнель давлат давлатбек давуд далер дамир дамира дания данияр данис дауд дагмара даян джамал джамалудин джамиля джахангир джахонгир джанет джавид джульетта диана диас дилара дилдора дилором дилшод дильназ дильбар дильмурод дильноза дилноза диляра динар динара динислам долгор доржи дугар ержан ерлан жаргал жаргалма жасмин жанибек жамиля жумабек забира зайнаб зайнап залим залина замир замира зарема зарета зарина зарифа заур заира зейнаб зияд зубаржат зульфия зульфира зумрат зураб зухра ибрагим идрис икрам икром ильдар ильгиз ильгам ильнар ильнур ильнура ильсия ильсур ильшат ильяс имран индира инал ирада ирек исмаил исмоил исломбек ислам исобек иса искандер камал камал камила камилла камиль камол карен карим карима карина кайрат касым каринэ керим керимхан курбан кямал лала лалита ламара лана лаура лачин лейла лейли лейсан лемара леван ли лилит лиана луара лусине ляйля ляйсан ляля магомед магомедали магомет мадина мадинабону малика малик мамед манана манарат манзура марал марат марет мариам мариэтта марьям марьяна мафтуна махмуд махмуд мая медина мерген мержен мехмет мехрибан милада миннегуль минура мирзо мохира мубарак музаффар мукаддас мунира мурад мурат муса муслим муслима мустафа мухаммад мухаммед мухаммедали мээрим мээрим нагима надир назар назгуль назира назим наиль наиля найля наргиза наргис нарек нарине наринэ нарынгуль нариман насиба насима насрулло натела нигина нигора нигяр нилуфар нино нодира нодир нозима нуне нургуль нурия нурлан нурсултан нуржан нурбек нурали нурзат нуржамал оганес одил озода ойбек олжас омар орхан патимат патя парвиз парвина расим равиль равшан радик радмила раджаб раиль раим райхан рамазан рамиз рамиль рамиля рамзан рамзия рамин расул расима рауф рафаэль рафик рафис рахима рашад рашид рашида раяна ренат ризван рияна рифат розалина роланд роксана рубен рузанна румия рустам рустем рузиля руслан руслана руфат рушана саадат сабир сабиха сабрина савелина савр садия саид саида сайда сайфулло салават салават салима салман салтанат самвел самед самир самира самат санал сания санжар саодат саид-магомед сардор сариям сарра сатеник сахиб севара севиль севиндж сейран селим сируш сирануш собир сона суад сулейман султан сурен сурая суфия таир талгат тамаз тамерлан тамила тахир таисья теймураз тельман тигран тимерлан тина тойгонбай туган туйана турал турпал улугбек умар умида умид ума урузмаг фазил фазиля фазилат фаиль фанис фания фарангис фарид фарида фарит фариз фаррух фархад фатима фатимат фахрия фая фидан физули филюза фирдавс фирдаус фирюза фируза флера флюра фуад хава хадижа хадижат хадиджа хаджи хадиша хайбула хамза хамид хамзат харис хасан хасмик хачатур хеда хуршида хусейн хусан цырен цырма чингиз чулпан чынгыз шавкат шакир шамиль шамсия шафига шарипа шахзода шахноза шахло шерзод шолпан шохрух шурик шухрат эдем эльдар эльзара эльмаз эльмира эльмар эльнар эльнара эльнур эльнура эльчин эльшад эмзари эмин эмине эмир эрдэм эркин эсмира эсмеральда этери юлдуз юсуф юсиф ябир ягут якуб ясин ясмин ясмина аяз айша айтадж раян кямран кенан зафар зухро фарзона сунатулло фируз рустамжон абдулло абдулла абдурахман абубакар ахмад ахмед абай сайера манижа шабнам нурсолтан чодураа айлана сайлык айыына туяра сардана кюнней айаал дьулус нюргун";

static FIRST_NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| FIRST.split_whitespace().collect());
/// The same, as they are written in Latin letters, without what transliterations differ in.
static LATIN_NAMES: LazyLock<HashSet<String>> = LazyLock::new(|| FIRST.split_whitespace().map(|n| plain_latin(&latin(n))).collect());

/// Words that stand with a capital and are no name.
const NO_NAME: &str = "
здравствуйте здравствуй здрасьте здрасте приветствую добрый доброе доброго доброй день дня утро утра вечер вечера ночи салам ассаляму алейкум спасибо спасибки заранее с уважением уважаемая уважаемый уважаемые
телефон тел моб мобильный отправлено послано из класс класса классе классу кл школа школы школе директор директору директора приемная администрация учитель учителю учительница педагог психолог психологу психолога логопед логопеда логопеду завуч завучу
извините простите пожалуйста прошу просим подскажите помогите жду очень если и но а я мы он она они оно мой моя мое мои моего моей моему моих мою наш наша наше наши нашего нашей нашу у в во на по не ни нет да за от до для это этот эта эти тот та те
ответ привет дорогие дорогая дорогой коллеги ученик ученица ученика ученицы ребенок ребенка ребенку сын сына сыну дочь дочери дочка дочки дочку дочке дети детей детям внук внука внуку внучка внучки внучку будем буду всего хорошего наилучшими пожеланиями
яндекс почты почта почте мобильной приложения iphone ipad москва москвы россия россии понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье января февраля марта апреля мая июня июля августа сентября октября ноября декабря сентябрь октябрь ноябрь декабрь январь февраль март апрель май июнь
сферум мэш эжд эдо цдо учи ру zoom огэ егэ впр овз ипр пмпк инн снилс whatsapp телеграм телеграмм вайбер ватсап вотсап макс группа отдел служба поддержки форма сайт сайта горячая линия классный классная классная руководитель рук звоните звонить позвоните пишите перезвоните наберите номер контакт контактный контактная адрес искренне ваш ваша ваши подпись благодарю благодарим
как где когда что кто почему зачем сколько какой какая какие какое куда откуда чей чья можно нужно надо нужен нужна нужны почему-то вот так там тут здесь сейчас сегодня завтра вчера потом после теперь уже еще или либо чтобы хотя также тоже все всё всем весь вся один одна два три первый второй третий раз хочу хотим хотелось хотел хотела буду есть был была было были может могу можем мне меня нам нас вам вас вы ты ему ей их его ее им себя свой своего свою
со к ко о об обо при про без под над перед через между около вместо кроме ради среди и/или
мальчик мальчика девочка девочки девочке семья семьи уважаемые администрации математика математике русский русского физика физике химия химии биология история английский английского немецкий литература географии география информатика физкультура труд музыка изо урок урока уроки уроке журнал журнале дневник дневнике электронный столовая столовой пароль логин портал ноутбук планшет
моему твой третью вторую первую школьный школьная звонила звонил мск рабочий домашний городской соц низкий поклон божьей храни господь бог аллах слава богу доброго здоровья времени суток педагоги специалисты руководство совет дома жители ооо ип зао ао мбоу гбоу сош лицей гимназия доу мо рф ржд овд пдн кдн тсж жэк исп исполнитель зам заместитель замдиректора председатель бухгалтер инженер менеджер врач
мама мамы маме маму мамой мамочка папа папы папе папу папой отец отца мать матери бабушка бабушки дедушка дедушки родитель родители родителей опекун опекуна попечитель тетя дядя сестра брат представитель законный прабабушка прадедушка отчим мачеха";
static NOT_NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| NO_NAME.split_whitespace().collect());

/// Whether a folded word, or each part of a double one, is a first name.
pub(super) fn is_first(word: &str) -> bool {
    FIRST_NAMES.contains(word) || word.contains('-') && word.split('-').all(|p| FIRST_NAMES.contains(p))
}

/// Whether a Latin word is a first name of the list («Elena», «Yuliya»).
pub(super) fn is_latin_first(word: &str) -> bool {
    LATIN_NAMES.contains(&plain_latin(&word.to_lowercase()))
}

fn latin(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            'а' => "a",
            'б' => "b",
            'в' => "v",
            'г' => "g",
            'д' => "d",
            'е' | 'э' => "e",
            'ж' => "zh",
            'з' => "z",
            'и' | 'й' | 'ы' => "i",
            'к' => "k",
            'л' => "l",
            'м' => "m",
            'н' => "n",
            'о' => "o",
            'п' => "p",
            'р' => "r",
            'с' => "s",
            'т' => "t",
            'у' => "u",
            'ф' => "f",
            'х' => "h",
            'ц' => "c",
            'ч' => "ch",
            'ш' => "sh",
            'щ' => "sch",
            'ю' => "iu",
            'я' => "ia",
            _ => "",
        })
        .collect()
}

/// A Latin spelling without what differs between transliterations: `Yuliya`, `Julia`, `Iuliia`.
fn plain_latin(word: &str) -> String {
    let even = word.replace("kh", "h").replace("ts", "c").replace('x', "ks").replace(['y', 'j'], "i").replace("ck", "k").replace('w', "v");
    let mut out = String::new();
    for c in even.chars() {
        if out.chars().last() != Some(c) {
            out.push(c);
        }
    }
    out
}

const KIN: [&str; 27] = [
    "мама",
    "мамочка",
    "мамуля",
    "папа",
    "мать",
    "отец",
    "бабушка",
    "бабуля",
    "дедушка",
    "дед",
    "прабабушка",
    "прадедушка",
    "опекун",
    "попечитель",
    "родитель",
    "родительница",
    "тетя",
    "тетка",
    "дядя",
    "представитель",
    "сестра",
    "брат",
    "отчим",
    "мачеха",
    "родители",
    "няня",
    "крестная",
];

/// A relative who may write in a child's stead.
pub(super) fn is_kin(word: &str) -> bool {
    KIN.contains(&word)
}

fn is_patronymic(word: &str) -> bool {
    let long = word.chars().count() > 5;
    long && ["ович", "евич", "ьич", "овна", "евна", "ична", "инична"].iter().any(|e| word.ends_with(e))
        || matches!(word, "ильич" | "лукич" | "кузьмич" | "фомич" | "никитич" | "саввич" | "палыч" | "иваныч" | "степаныч" | "михалыч" | "петрович" | "сергеич" | "николаич" | "александрыч" | "семеныч" | "андреич" | "алексеич" | "васильич" | "львовна")
        || is_particle(word)
        || word.rsplit_once('-').is_some_and(|(_, p)| is_particle(p))
}

fn is_particle(word: &str) -> bool {
    matches!(word, "оглы" | "оглу" | "кызы" | "гызы" | "улы" | "уулу" | "угли" | "кизи")
}

fn declined_patronymic(word: &str) -> bool {
    word.chars().count() > 6
        && ["овны", "овне", "овну", "овной", "евны", "евне", "евну", "евной", "ичны", "ичне", "ичну", "ичной", "овича", "овичу", "овичем", "евича", "евичу", "евичем"]
            .iter()
            .any(|e| word.ends_with(e))
}

fn like_surname(word: &str) -> bool {
    const ENDS: [&str; 41] = [
        "ов", "ев", "ова", "ева", "ин", "ына", "ина", "ын", "ский", "ская", "цкий", "цкая", "ых", "их", "ко", "юк", "чук", "як", "ян", "янц", "дзе", "швили", "ец",
        "ер", "ман", "штейн", "ой", "ый", "ий", "ич", "ук", "ис", "ус", "ия", "ава", "ели", "заде", "дин", "ан", "ль", "ая",
    ];
    word.chars().count() >= 3 && ENDS.iter().any(|e| word.ends_with(e))
}

/// A small word that is a surname by its ending beyond much doubt.
fn surely_surname(word: &str) -> bool {
    const ENDS: [&str; 20] =
        ["ов", "ев", "ова", "ева", "ин", "ина", "ын", "ына", "ский", "ская", "цкий", "цкая", "енко", "чук", "янц", "швили", "адзе", "заде", "ян", "дзе"];
    word.chars().count() >= 4 && ENDS.iter().any(|e| word.ends_with(e))
}

/// The nominative of a first name in another case, where that is in the list and the word itself is not.
pub(super) fn nominative(word: &str) -> Option<String> {
    const CASES: [(&str, &str); 19] = [
        ("ию", "ия"),
        ("ии", "ия"),
        ("ю", "я"),
        ("и", "я"),
        ("у", "а"),
        ("ы", "а"),
        ("и", "а"),
        ("е", "а"),
        ("ой", "а"),
        ("ей", "я"),
        ("ей", "а"),
        ("ом", ""),
        ("а", ""),
        ("я", "й"),
        ("ем", "й"),
        ("у", ""),
        ("ю", "й"),
        ("е", "я"),
        ("я", "ь"),
    ];
    const ODD: [(&str, &str); 9] = [
        ("льва", "лев"),
        ("льву", "лев"),
        ("павла", "павел"),
        ("павлу", "павел"),
        ("петра", "петр"),
        ("любови", "любовь"),
        ("игорю", "игорь"),
        ("данилу", "данила"),
        ("львом", "лев"),
    ];
    if let Some(odd) = ODD.iter().find(|o| o.0 == word) {
        return Some(odd.1.to_owned());
    }
    CASES.iter().find_map(|(end, put)| {
        let guess = format!("{}{put}", word.strip_suffix(end)?);
        is_first(&guess).then_some(guess)
    })
}

/// What stands before a word, as a set.
pub(super) mod gap {
    /// A line's end.
    pub const LINE: u8 = 1;
    /// A comma.
    pub const COMMA: u8 = 2;
    /// A full stop.
    pub const DOT: u8 = 4;
    /// `!`, `?`, `;`, `…`.
    pub const STOP: u8 = 8;
    /// A colon.
    pub const COLON: u8 = 16;
    /// A dash between words.
    pub const DASH: u8 = 32;
    /// A bracket that opens or closes.
    pub const BRACKET: u8 = 64;
    /// Quotes and all else.
    pub const OTHER: u8 = 128;
}

/// What a word can be in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    First,
    Patronymic,
    /// A first name or a patronymic in another case than the nominative.
    Declined,
    Surname,
    /// A capital and nothing else known.
    Capital,
    Initial,
    /// A small word that ends like a surname.
    Small,
    Number,
    Other,
}

/// One word or number.
#[derive(Debug)]
pub(super) struct Word<'a> {
    pub raw: &'a str,
    pub norm: String,
    pub at: usize,
    pub kind: Kind,
    /// What stands before it ([`gap`]).
    pub gap: u8,
    pub small: bool,
}

/// A text as words, with the names that stand in it.
#[derive(Debug)]
pub(super) struct Named<'a> {
    pub words: Vec<Word<'a>>,
    pub names: Vec<Name>,
}

/// A name: its first and last word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub first: usize,
    pub last: usize,
    pub text: String,
    /// It holds a first name or a patronymic of the lists, or a surname with initials.
    pub known: bool,
    /// Some of it is declined: «Пети Ухова».
    pub declined: bool,
    /// Written without capitals.
    pub small: bool,
}

fn kind(raw: &str, norm: &str, small: bool) -> Kind {
    let cyrillic = norm.chars().all(|c| matches!(c, 'а'..='я' | '-' | '\'' | '’'));
    if !cyrillic {
        return Kind::Other;
    }
    if raw.chars().nth(1).is_none() {
        return if small { Kind::Other } else { Kind::Initial };
    }
    if NOT_NAMES.contains(norm) {
        return Kind::Other;
    }
    if is_first(norm) {
        return if small && raw.chars().nth(2).is_none() { Kind::Other } else { Kind::First };
    }
    if is_patronymic(norm) {
        return Kind::Patronymic;
    }
    if small {
        return if surely_surname(norm) { Kind::Small } else { Kind::Other };
    }
    if declined_patronymic(norm) || nominative(norm).is_some() {
        return Kind::Declined;
    }
    if like_surname(norm) { Kind::Surname } else { Kind::Capital }
}

/// A verb or a word of asking at the head of a sentence has a capital and is no surname.
fn like_verb(norm: &str) -> bool {
    ["ет", "ит", "ют", "ут", "ат", "ят", "ла", "ли", "ло", "ть", "те", "ся", "сь", "но", "ем", "им", "ешь", "ало", "ого", "ых"].iter().any(|e| norm.ends_with(e))
}

/// Reads the words and the names of a text.
pub(super) fn read(text: &str) -> Named<'_> {
    let text = cut(text, TEXT_LIMIT);
    let (mut upper, mut lower) = (0, 0);
    for c in text.chars() {
        upper += usize::from(c.is_uppercase());
        lower += usize::from(c.is_lowercase());
    }
    // In a letter of capitals a capital says nothing.
    let shouted = upper > 30 && upper > 2 * lower;
    let mut words: Vec<Word<'_>> = Vec::with_capacity(text.len() / 10);
    let mut pushed = |start: usize, end: usize, gap: u8, number: bool| {
        let raw = text.get(start..end).unwrap_or_default();
        let norm = fold(raw);
        let small = shouted || !raw.chars().next().is_some_and(char::is_uppercase);
        // «5 кл. А. Рауф Мамедов», «4Б. Регина»: a letter behind a number or «кл.» is a class.
        let of_class = raw.chars().nth(1).is_none() && words.last().is_some_and(|w| w.kind == Kind::Number || w.norm.starts_with("кл"));
        let kind = match number {
            true => Kind::Number,
            false if of_class => Kind::Other,
            false => kind(raw, &norm, small),
        };
        words.push(Word { raw, norm, at: start, kind, gap, small });
    };
    let mut chars = text.char_indices().peekable();
    let (mut start, mut gap, mut number) = (None::<usize>, gap::LINE, false);
    while let Some((i, c)) = chars.next() {
        let next = chars.peek().map(|p| p.1);
        let inner = matches!(c, '-' | '\'' | '’' | '‑') && !number && next.is_some_and(char::is_alphabetic);
        let goes_on = start.is_some() && (if number { c.is_ascii_digit() } else { c.is_alphabetic() || inner });
        if goes_on {
            continue;
        }
        if let Some(from) = start.take() {
            pushed(from, i, gap, number);
            gap = 0;
        }
        if c.is_alphabetic() || c.is_ascii_digit() {
            (start, number) = (Some(i), c.is_ascii_digit());
            continue;
        }
        gap |= match c {
            '\n' => gap::LINE,
            ',' => gap::COMMA,
            '.' => gap::DOT,
            '!' | '?' | ';' | '…' => gap::STOP,
            ':' => gap::COLON,
            '-' | '‐'..='―' => gap::DASH,
            '(' | ')' | '[' | ']' => gap::BRACKET,
            c if c.is_whitespace() => 0,
            _ => gap::OTHER,
        };
    }
    if let Some(from) = start {
        pushed(from, text.len(), gap, number);
    }
    let names = names(&words, text);
    Named { words, names }
}

fn names(words: &[Word<'_>], text: &str) -> Vec<Name> {
    let mut found = Vec::new();
    let mut i = 0;
    while let Some(word) = words.get(i) {
        if matches!(word.kind, Kind::Number | Kind::Other) {
            i += 1;
            continue;
        }
        let mut last = i;
        while words.get(last + 1).is_some_and(|n| last - i < 4 && joins(words, i, last, n)) {
            last += 1;
        }
        // A small surname that no ending gives away: «8 б, мельник даниил», «меня зовут анна мельник».
        let lone = i == last && word.small && word.kind == Kind::First;
        let mut from = i;
        if lone && open(words, i + 1) && i.checked_sub(1).is_some_and(|p| plain(words, p) && open(words, p) && word.gap == 0) {
            from = i - 1;
        } else if lone && plain(words, i + 1) && words.get(i + 1).is_some_and(|w| w.gap == 0) && open(words, i + 2) && (told(words, i) || open(words, i)) {
            last += 1;
        }
        if let Some(name) = name(words, from, last, text) {
            found.push(name);
        }
        i = last + 1;
    }
    found
}

/// Whether something stands before word `i` that parts phrases, or nothing follows at all.
fn open(words: &[Word<'_>], i: usize) -> bool {
    words.get(i).is_none_or(|w| w.gap != 0 || w.kind == Kind::Number || matches!(w.norm.as_str(), "я" | "сын" | "дочь" | "мама" | "папа" | "из" | "у" | "мой"))
}

/// A small word that may be a surname: a noun of some length, in no list.
fn plain(words: &[Word<'_>], i: usize) -> bool {
    words.get(i).is_some_and(|w| w.small && w.kind == Kind::Other && w.norm.chars().count() >= 4 && !NOT_NAMES.contains(w.norm.as_str()) && !like_verb(&w.norm))
}

fn told(words: &[Word<'_>], i: usize) -> bool {
    i.checked_sub(1).and_then(|p| words.get(p)).is_some_and(|w| matches!(w.norm.as_str(), "зовут" | "пишет" | "это" | "вам"))
}

/// Whether `next` belongs to the name that stands at `first..=last`.
fn joins(words: &[Word<'_>], first: usize, last: usize, next: &Word<'_>) -> bool {
    let run = words.get(first..=last).unwrap_or_default();
    let Some(end) = run.last() else { return false };
    let count = |kinds: &[Kind]| run.iter().filter(|w| kinds.contains(&w.kind)).count();
    let plain = next.gap == 0 || next.gap == gap::DOT && end.kind == Kind::Initial;
    let line = next.gap == gap::LINE && !next.small && run.len() == 1 && run.first().is_some_and(|w| w.gap & gap::LINE != 0);
    if !plain && !line {
        return false;
    }
    let room = match next.kind {
        Kind::First | Kind::Declined => count(&[Kind::First, Kind::Declined]) < 2 && !(count(&[Kind::First]) == 1 && count(&[Kind::Surname, Kind::Small]) == 1),
        Kind::Patronymic => is_particle(&next.norm) || count(&[Kind::Patronymic]) == 0,
        Kind::Surname | Kind::Capital => count(&[Kind::Surname, Kind::Capital]) < if count(&[Kind::First, Kind::Patronymic]) == 0 { 3 } else { 1 },
        Kind::Small => count(&[Kind::Surname, Kind::Capital, Kind::Small]) == 0 && run.iter().all(|w| w.small),
        Kind::Initial => count(&[Kind::Initial]) < 2,
        Kind::Number | Kind::Other => false,
    };
    // A line's end joins only the two halves of one name.
    let halves = matches!((run.first().map(|w| w.kind), next.kind), (Some(Kind::First), Kind::Surname) | (Some(Kind::Surname), Kind::First));
    room && (plain || halves && end.norm != next.norm)
}

fn name(words: &[Word<'_>], mut first: usize, mut last: usize, text: &str) -> Option<Name> {
    let has = |from: usize, to: usize, kinds: &[Kind]| words.get(from..=to).unwrap_or_default().iter().any(|w| kinds.contains(&w.kind));
    let known_kinds = [Kind::First, Kind::Patronymic, Kind::Declined];
    // The head of a sentence has a capital of its own: «Получит Анна».
    while first < last && words.get(first).is_some_and(|w| w.kind == Kind::Capital && like_verb(&w.norm) && w.gap != 0) {
        first += 1;
    }
    // A single capital letter at either end is a class or a word: «Анна К» is a name, «А Анна» is not.
    while first < last && words.get(first).is_some_and(|w| w.kind == Kind::Initial) && words.get(first + 1).is_some_and(|n| n.gap & gap::DOT == 0) {
        first += 1;
    }
    while last > first && words.get(last).is_some_and(|w| w.kind == Kind::Small) && !has(first, last, &[Kind::First]) {
        last -= 1;
    }
    let run = words.get(first..=last)?;
    let initials = run.iter().filter(|w| w.kind == Kind::Initial).count();
    if initials == run.len() {
        return None;
    }
    let small = run.iter().any(|w| w.small && w.kind != Kind::Patronymic);
    let known = has(first, last, &known_kinds) || initials > 0 && has(first, last, &[Kind::Surname]);
    if small && !has(first, last, &[Kind::First, Kind::Patronymic]) {
        return None;
    }
    let declined = has(first, last, &[Kind::Declined]) && !has(first, last, &[Kind::Patronymic]);
    let from = run.first()?.at;
    let end = run.last()?;
    let mut to = end.at + end.raw.len();
    if end.kind == Kind::Initial && text.get(to..).is_some_and(|t| t.starts_with('.')) {
        to += 1;
    }
    let joined = text.get(from..to)?.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(Name { first, last, text: joined, known, declined, small })
}

/// A part of a name, to compare names by.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub norm: String,
    pub initial: bool,
}

/// The parts of a name.
pub(super) fn parts(name: &str) -> Vec<Part> {
    name.split(|c: char| c.is_whitespace() || c == '.')
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|w| !w.is_empty())
        .map(|w| Part { norm: fold(w), initial: w.chars().count() == 1 })
        .collect()
}

/// Whether all of `a` stands in `b`, an initial for a full part.
pub(super) fn within(a: &[Part], b: &[Part]) -> bool {
    !a.is_empty() && a.iter().all(|x| b.iter().any(|y| x.norm == y.norm || (x.initial && y.norm.starts_with(&x.norm))))
}
