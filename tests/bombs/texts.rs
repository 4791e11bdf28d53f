//! Bombs made of text: charsets, HTML, quotes, and words that understanding looks for. Each is a whole letter.

use super::shapes::{HEAD, TEXT, letter, plain};
use data_encoding::BASE64;

fn html(body: &str) -> Vec<u8> {
    letter("Content-Type: text/html; charset=utf-8\r\n", body)
}

pub fn a_million_nested_divs() -> Vec<u8> {
    html(&format!("{TEXT}{}", "<div>".repeat(1_000_000)))
}

pub fn nested_tables_and_quotes() -> Vec<u8> {
    html(&format!("{TEXT}{}{}", "<table><tr><td>".repeat(30_000), "<blockquote>".repeat(30_000)))
}

pub fn tags_that_never_end() -> Vec<u8> {
    html(&format!("{TEXT}{}{}{}{}", "<!--".repeat(60_000), "<a href=\"".repeat(30_000), "<style>".repeat(30_000), "&".repeat(200_000)))
}

/// A megabyte of base64 that is a page of nothing but entities.
pub fn entities_in_base64() -> Vec<u8> {
    let fields = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n";
    letter(fields, &BASE64.encode("&#1055;&nbsp;&zwnj;".repeat(500_000).as_bytes()))
}

pub fn an_unknown_charset() -> Vec<u8> {
    letter("Content-Type: text/plain; charset=x-unknown\r\n", &TEXT.repeat(50_000))
}

pub fn utf_7() -> Vec<u8> {
    letter("Content-Type: text/plain; charset=utf-7\r\n", &"+BB8EQAQ4-+-+AAA".repeat(600_000))
}

/// Cyrillic in UTF-8 under a label of KOI8-R, and the other way round.
pub fn a_wrong_charset() -> Vec<u8> {
    letter("Content-Type: text/plain; charset=koi8-r\r\n", &TEXT.repeat(50_000))
}

/// Half a letter of UTF-8 at each line's end.
pub fn torn_utf_8() -> Vec<u8> {
    let mut bytes = letter("Content-Type: text/plain; charset=utf-8\r\n", TEXT);
    bytes.extend(b"\xd0\r\n\xf0\x9f\r\n\xed\xa0\x80".repeat(500_000));
    bytes
}

pub fn uuencoded_files_in_the_text() -> Vec<u8> {
    plain(&format!("{TEXT}\r\n{}", "begin 644 a.exe\r\nM86%A86%A\r\n`\r\nend\r\n".repeat(200_000)))
}

/// Names and subjects as an old mail program writes them: bytes of CP1251.
pub fn headers_of_cp1251() -> Vec<u8> {
    let word: &[u8] = b"\xcc\xe0\xec\xe0 ";
    let mut bytes = b"From: mama@family.example\r\nSubject: ".to_vec();
    bytes.extend(word.repeat(200_000));
    bytes.extend(b"\r\nCc: ");
    bytes.extend(b"\xcc\xe0\xec\xe0 <a@b.example>, ".repeat(200_000));
    bytes.extend(b"\r\n\r\n");
    bytes.extend(word.repeat(200_000));
    bytes
}

pub fn an_empty_letter() -> Vec<u8> {
    Vec::new()
}

pub fn only_a_header() -> Vec<u8> {
    HEAD.as_bytes().to_vec()
}

pub fn only_nuls() -> Vec<u8> {
    vec![0; 10_000_000]
}

pub fn only_line_ends() -> Vec<u8> {
    plain(&"\r\n".repeat(5_000_000))
}

pub fn one_line_without_end() -> Vec<u8> {
    plain(&"слово ".repeat(2_000_000))
}

pub fn quotes_within_quotes() -> Vec<u8> {
    plain(&format!("{TEXT}\r\n{}", (0..2_000).map(|i| format!("{} он пишет:\r\n", ">".repeat(i))).collect::<String>()))
}

pub fn letters_quoted_in_the_text() -> Vec<u8> {
    let one = "-----Исходное сообщение-----\r\nОт: x <a@b.example>\r\nДата: 14.09.2026 11:02\r\nТема: y\r\n\r\n14.09.2026 11:02, x пишет:\r\n> a\r\n";
    plain(&format!("{TEXT}\r\n{}", one.repeat(10_000)))
}

/// What wishes, authors, phones, urgency and orders are read from, a megabyte of each.
pub fn days_and_hours() -> Vec<u8> {
    plain(&"кроме среды и четверга после 15:30, но не позже пятого, в 3 часа дня или 25.11 с 10 до 12; ".repeat(8_000))
}

pub fn numbers() -> Vec<u8> {
    plain(&format!("{}{}", "8 900 555-12-34, +7(900)0000000, ".repeat(15_000), "1234567890".repeat(50_000)))
}

pub fn names_and_classes() -> Vec<u8> {
    plain(&"Иванова Мария Петровна, мама Пети Иванова из 5 «А» и Ани Ивановой, 11Б класс. С уважением, Иванов. ".repeat(6_000))
}

pub fn everything_at_once() -> Vec<u8> {
    plain(&"помогите психолог логопед журнал пароль жалоба травля не хочет жить урок оценка питание планшет ".repeat(6_000))
}

pub fn orders_without_end() -> Vec<u8> {
    let body = "№ 147 готово: да\r\n148 передать Соколовой, продлить до 5.12, закрыть\r\nотпуск с 1.12 по 14.12\r\nвсем: инцидент закрыт\r\n".repeat(5_000);
    String::from_utf8_lossy(&plain(&body)).replace("mama@family.example", "zam@school.example").into_bytes()
}

/// A form whose every line is a field.
pub fn a_form_without_end() -> Vec<u8> {
    plain(
        &"ФИО: Иванова Мария\r\nРоль: родитель\r\nКласс: 5А\r\nТип обращения: психолог\r\nТелефон: +7 900 000-00-00\r\nE-mail: a@b.example\r\nОписание: x\r\n"
            .repeat(5_000),
    )
}

/// A zip of zips is bytes: nothing unpacks it.
pub fn a_zip_of_zeros() -> Vec<u8> {
    let mut zip = b"PK\x03\x04".to_vec();
    zip.resize(3 << 20, 0);
    letter("Content-Type: application/zip; name=\"../../etc/passwd\\0.zip\"\r\nContent-Transfer-Encoding: base64\r\n", &BASE64.encode(&zip))
}

/// One letter of 50 MB: what a phone's camera sends.
pub fn a_letter_of_50_megabytes() -> Vec<u8> {
    let line = format!("{}\r\n", "QUJD".repeat(19));
    let body = format!(
        "--q\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{TEXT}\r\n--q\r\nContent-Type: image/jpeg; name=\"f.jpg\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--q--\r\n",
        line.repeat((50 << 20) / line.len())
    );
    letter("Content-Type: multipart/mixed; boundary=q\r\n", &body)
}
