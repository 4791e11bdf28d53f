//! The letters of the demo week, built into the program, and a line about each for people. All of it is invented.

/// The story (commands: `jobs::story`).
pub(super) const STORY: &str = include_str!("week.story");

/// A bundled letter.
pub(super) struct Bundled {
    /// Name in the story.
    pub name: &'static str,
    /// As it arrived.
    pub bytes: &'static [u8],
    /// Who writes about what.
    pub about: &'static str,
}

macro_rules! letters {
    ($($name:literal: $about:literal,)*) => {
        &[$(Bundled { name: $name, bytes: include_bytes!(concat!("letters/", $name)), about: $about },)*]
    };
}

/// In the order of arrival.
pub(super) const LETTERS: &[Bundled] = letters![
    "parol.eml": "мама пятиклассника: Сферум не принимает пароль, через два часа урок",
    "dnevnik.eml": "мама: в электронном дневнике нет отметок",
    "plachet.eml": "мама: дочка по утрам плачет и не хочет в школу",
    "daydzhest.eml": "рассылка издательства",
    "forma-noutbuk.eml": "форма на сайте: на троих детей один ноутбук, и тот сломан",
    "liniya-babushka.eml": "горячая линия записала бабушку: внуку нужен логопед, почты у неё нет",
    "klassnaya-peresylaet.eml": "классный руководитель пересылает письмо мамы: сын отстал по алгебре",
    "angliyskiy.eml": "папа недоволен дистанционными уроками английского",
    "mnogodetnye.eml": "мама троих детей: как оформить питание",
    "dnevnik-povtor.eml": "то же письмо про дневник ещё раз",
    "bukva-r.eml": "мама первоклассника хочет записаться к логопеду",
    "sochinenie.eml": "папа одиннадцатиклассника: помогите подготовиться к сочинению",
    "mikrofon.eml": "папа: сына не слышно на онлайн-уроках",
    "spravka.eml": "мама: нужна справка для бассейна",
    "forma-opechatka.eml": "форма на сайте: в дневнике чужой ребёнок; в адресе опечатка",
    "strashno.eml": "мама боится за дочь: та пишет, что не хочет жить",
    "fizkultura.eml": "жалоба: учитель накричал на ребёнка",
    "ssorimsya.eml": "папа: с сыном только ссоримся, как с ним говорить",
    "planshet.eml": "мама из деревни: для дистанционных уроков нет планшета",
    "liniya-rasskazyvaet.eml": "горячая линия: уроки физики начинаются с опозданием",
    "opeka.eml": "бабушка оформляет опеку над внуком",
    "sna-net.eml": "мама: дочь плохо спит перед экзаменами",
    "umnozhenie.eml": "папа: не можем объяснить сыну деление столбиком",
    "vesna.eml": "кто-то из 5В: не открывается задание, ни имени, ни телефона",
    "pyatnitsa-vecher.eml": "пятница, вечер: когда каникулы?",
    "subbota-zvuk.eml": "суббота: заблокирована учётная запись, в понедельник контрольная",
];
