//! Tests of languages and scripts: translit, the wrong layout, mixed letters, letters in other languages. All letters are invented.

use super::tests::{letter, read};
use super::tests_answers::{all_right, answer, shortly};
use super::*;

type Case = (&'static str, Option<Category>, bool, &'static str, Option<&'static str>);

/// Text, category, urgent, times, language.
const FIRST: &[Case] = &[
    ("Zdravstvuyte, u menya vopros pro uroki matematiki: syn ne ponimaet drobi, nuzhna pomoshch. 5A", Some(Category::LearningHelp), false, "", None),
    ("Dobryj den! Ne mogu vojti v elektronnyj dnevnik, parol ne podhodit. Ivanova Olga, 6B klass", Some(Category::Ejournal), false, "", None),
    ("Dobry den. Doch' ne vygovarivaet r i sh, nuzhen logoped. Mozhno prijti v sredu posle 16?", Some(Category::SpeechTherapist), false, "25.11 16:00-", None),
    ("Pomogite, syna byut v shkole odnoklassniki, on boitsya idti zavtra v shkolu", None, true, "", None),
    ("Moya doch' ne hochet zhit', ya boyus' za neyo", Some(Category::Psychologist), true, "", None),
    ("Prosim vydat noutbuk na vremya distancionnogo obucheniya, u nas net kompyutera", Some(Category::Equipment), false, "", None),
    (
        "Privet! U nas ne otkryvaetsya sajt shkoly, pishet oshibka. Perezvonite zavtra utrom 8 900 000-45-67",
        Some(Category::Technical),
        false,
        "19.11 08:00-12:00",
        None,
    ),
    ("ghbdtn? e cbyf yt jnrhsdftncz 'ktrnhjyysq lytdybr", Some(Category::Ejournal), false, "", None),
    ("Plhfdcndeqnt! Ljxm yt [jxtn [jlbnm d irjke? jyf gkfxtn rf;lsq ltym/ Ye;ty gcb[jkju", Some(Category::Psychologist), false, "", None),
    ("ЗДРАВСТВУЙТЕ СЫН НЕ МОЖЕТ ЗАЙТИ В ДНЕВНИК ПОМОГИТЕ ПОЖАЛУЙСТА", Some(Category::Ejournal), false, "", None),
    (
        "здравствуйте это мама пети из пятого б он не выговаривает р скажите как записаться к логопеду можно прийти в четверг после четырёх спасибо",
        Some(Category::SpeechTherapist),
        false,
        "19.11 16:00-",
        None,
    ),
    ("Исәнмесез! У сына пропали оценки в электронном дневнике, рәхмәт заранее", Some(Category::Ejournal), false, "", None),
    ("Hello! У нас не работает login в электронный дневник, error 404, help please", Some(Category::Ejournal), false, "", None),
    ("Hello, my son Peter cannot log in to the school diary. Could you please help us? Best regards, John", None, false, "", Some("английский")),
    ("Guten Tag, mein Sohn geht in die Klasse 5A. Wir möchten einen Termin mit dem Psychologen vereinbaren.", None, false, "", Some("немецкий")),
    ("Добрий день! Моя донька навчається у 5 класі, у нас питання щодо розкладу уроків.", None, false, "", Some("украинский")),
    ("Исәнмесез! Улым 5А сыйныфында укый, аңа математикадан ярдәм кирәк. Рәхмәт.", None, false, "", Some("татарский")),
    ("Сәлеметсіз бе! Менің ұлым 5А сыныбында оқиды, бізге психологтың көмегі қажет.", None, false, "", Some("казахский")),
    ("Һаумыһығыҙ! Улым 5А класында уҡый, беҙгә логопед кәрәк ине.", None, false, "", Some("башкирский")),
    ("Саламатсызбы! Менин уулум 5А классында окуйт, ага математика боюнча жардам керек. Рахмат сиздерге, күтөбүз.", None, false, "", Some("киргизский")),
    ("Салом! Писари ман дар синфи 5А мехонад, ба мо ёрии равоншинос лозим аст. Ташаккур, ҷавобро интизорам.", None, false, "", Some("таджикский")),
    ("Ырӑ кун! Ман ывӑл 5А класра вӗренет, пире пулӑшу кирлӗ.", None, false, "", Some("чувашский")),
    ("Assalomu alaykum! O'g'lim 5A sinfda o'qiydi, bizga matematika bo'yicha yordam kerak. Rahmat.", None, false, "", Some("узбекский")),
    ("Merhaba, oğlum 5A sınıfında okuyor, matematik dersinde yardıma ihtiyacımız var. Teşekkürler.", None, false, "", Some("турецкий")),
    ("你好,我的儿子在5A班,他不能登录电子日记。请帮忙。", None, false, "", Some("китайский")),
    ("გამარჯობა, ჩემი შვილი სწავლობს 5ა კლასში და გვჭირდება დახმარება", None, false, "", Some("грузинский")),
    ("Բարև ձեզ, իմ որդին սովորում է 5Ա դասարանում, մեզ օգնություն է պետք", None, false, "", Some("армянский")),
    ("Bonjour, mon fils est en classe 5A et nous avons besoin d'un rendez-vous avec le psychologue de l'école.", None, false, "", Some("французский")),
    ("مرحبا، ابني في الصف الخامس ونحتاج إلى المساعدة", None, false, "", Some("арабский")),
];

pub(super) fn judge(cases: &[Case]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (text, category, urgent, times, language) in cases {
        let u = read(&letter("Анна <anna@mail.example>", "", text));
        let got = (category.and(u.category), u.urgent, shortly(&u.times), u.language);
        let same = got.0 == *category && got.1 == *urgent && got.2 == *times && got.3 == *language;
        if !same || language.is_some() && u.confidence > 0.35 || u.kind != Some(Kind::NewAppeal) {
            wrong.push(format!("{text}: {got:?} {:?} {:.2} instead of {:?}", u.kind, u.confidence, (category, urgent, times, language)));
        }
    }
    wrong
}

#[test]
fn letters_of_the_first_set() {
    let wrong = judge(FIRST);
    all_right("language 1", FIRST.len(), &wrong);
}

const FIRST_ANSWERS: &[(&str, Intent)] = &[
    ("Da, podhodit", Intent::Accept),
    ("Spasibo bolshoe!", Intent::Thanks),
    ("Ne smogu, davajte v chetverg", Intent::Reschedule),
    ("Uzhe ne nado, razobralis sami", Intent::Withdraw),
    ("Lf? gjl[jlbn", Intent::Accept),
    ("cgfcb,j", Intent::Thanks),
    ("yt cvjue", Intent::Decline),
];

#[test]
fn answers_in_other_letters() {
    let wrong: Vec<String> = FIRST_ANSWERS
        .iter()
        .filter_map(|(text, wanted)| {
            let u = answer(text);
            (u.intent != *wanted || u.language.is_some()).then(|| format!("{text}: {:?} {:?} instead of {wanted:?}", u.intent, u.language))
        })
        .collect();
    all_right("answers in other letters 1", FIRST_ANSWERS.len(), &wrong);
}

const SECOND: &[Case] = &[
    ("Zdravstvujte! Doch boitsya otvechat na urokah, plachet po vecheram. Posovetujte psihologa.", Some(Category::Psychologist), false, "", None),
    ("dobryi vecher. syn ne govorit bukvu r, hotim na zanyatie k logopedu. 1V klass", Some(Category::SpeechTherapist), false, "", None),
    ("Dobroe utro, v elektronnom dnevnike ne vidno otsenok za chetvert. Prover'te pozhalujsta", Some(Category::Ejournal), false, "", None),
    ("Uchitel'nitsa himii na urokah nichego ne ob'yasnyaet, deti sidyat v telefonah. Primite mery.", Some(Category::LessonQuality), false, "", None),
    ("Spasite! Doch napisala, chto ne hochet zhit. Chto delat?", None, true, "", None),
    ("My mnogodetnaya semya, kak poluchit besplatnoe pitanie?", Some(Category::SocialPedagogue), false, "", None),
    ("pozvonite mne pozhaluista v chetverg posle 17, 8 900 000-45-67, syn ne ponimaet fiziku", Some(Category::LearningHelp), false, "19.11 17:00-", None),
    ("Lj,hsq ltym! Ljxrt ye;ty kjujgtl? jyf yt dsujdfhbdftn ,erde h", Some(Category::SpeechTherapist), false, "", None),
    ("Ljxm jnrfpsdftncz blnb d irjke? ,jbncz jlyjrkfccybrjd/", Some(Category::Psychologist), true, "", None),
    ("НЕ РАБОТАЕТ ЭЛЕКТРОННЫЙ ДНЕВНИК!!! УЖЕ НЕДЕЛЮ!!! 7А", Some(Category::Ejournal), false, "", None),
    (
        "добрый вечер у сына двойки по алгебре он не понимает тему нужна помощь учителя или дополнительные занятия",
        Some(Category::LearningHelp),
        false,
        "",
        None,
    ),
    ("Сәлам! Помогите, дочь не может зайти в дневник, пароль не принимает. Рәхмәт!", Some(Category::Ejournal), false, "", None),
    (
        "Good afternoon. We have just moved to Russia and our daughter speaks no Russian. Is there any language support at your school?",
        None,
        false,
        "",
        Some("английский"),
    ),
    ("Hi, can I talk to the psychologist about my kid on Friday?", None, false, "", Some("английский")),
    ("Sehr geehrte Damen und Herren, unsere Tochter ist krank und kann morgen nicht zur Schule kommen.", None, false, "", Some("немецкий")),
    ("Добридень, підкажіть, будь ласка, як отримати підручники для сина? Дякую.", None, false, "", Some("украинский")),
    ("Добры дзень! Мой сын вучыцца ў вашай школе, калі будзе сход? Дзякуй.", None, false, "", Some("белорусский")),
    ("Хәерле көн! Кызым мәктәпкә йөрергә теләми, психолог белән сөйләшәсе иде.", None, false, "", Some("татарский")),
    ("Қайырлы күн! Қызым сабақтан қалып қойды, мұғаліммен сөйлескім келеді.", None, false, "", Some("казахский")),
    ("Саламатсызбы! Балам орусча жакшы түшүнбөйт, кошумча сабак керек эле.", None, false, "", Some("киргизский")),
    ("Ассалому алайкум! Ўғлим рус тилини яхши билмайди, ёрдам керак.", None, false, "", Some("узбекский")),
    ("Salom! Qizim rus tilini yaxshi bilmaydi, qo'shimcha dars kerak, rahmat.", None, false, "", Some("узбекский")),
    ("Салом алейкум, духтарам забони русиро намефаҳмад, кӯмак лозим аст, ташаккур.", None, false, "", Some("таджикский")),
    ("Salam! Qızım rus dilini yaxşı bilmir, bizə kömək lazımdır, çox sağ olun.", None, false, "", Some("азербайджанский")),
    ("Xin chào, con tôi không hiểu tiếng Nga, xin nhà trường giúp đỡ. Cảm ơn.", None, false, "", Some("вьетнамский")),
    ("Buongiorno, mio figlio non capisce la lezione di russo e abbiamo bisogno di aiuto.", None, false, "", Some("итальянский")),
];

#[test]
fn letters_of_the_second_set() {
    let wrong = judge(SECOND);
    all_right("language 2", SECOND.len(), &wrong);
}

/// Russian letters full of foreign words, names, addresses: none of them is in another language.
#[test]
fn russian_is_russian() {
    let texts = [
        "Не открывается https://school.example/login?user=petrov, пишет «Error 500: Internal Server Error». 5А",
        "Google Meet не пускает: You can't join this call. Что делать?",
        "Дочь учит English, учитель задал Unit 5, exercise 3, page 42, а учебника нет",
        "ok",
        "Re",
        "Иванов Пётр Ильич",
        "5А, Хамитов Данияр, не заходит в дневник, рәхмәт",
        "Ильдар Гыйләҗев, мама. Ильназ пропустил неделю, где взять задание?",
        "Zoom не работает",
        "Сфрум глючит, звука нет, спс",
        "Подскажите вайфай для гостей: School_Guest, password?",
        "https://disk.example/d/abcdef",
        "anna.petrova@mail.example",
        "Добрый день! Error: Access denied. Invalid login or password. Please contact your administrator. Вот что пишет дневник.",
    ];
    let wrong: Vec<String> = texts.iter().filter_map(|t| read(&letter("Анна <anna@mail.example>", "", t)).language.map(|l| format!("{t}: {l}"))).collect();
    all_right("russian", texts.len(), &wrong);
}
