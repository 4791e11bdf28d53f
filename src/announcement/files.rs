//! Files that go along with an announcement: allowed types up to 5 MB in all; each refusal is a sentence for the preview.

use crate::message::Attachment;

/// Bytes in all.
pub const MOST_BYTES: usize = 5 << 20;

/// The allowed kinds: ending, media type, the beginning of such a file.
const KINDS: [(&str, &str, &[u8]); 7] = [
    ("pdf", "application/pdf", b"%PDF"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ("odt", "application/vnd.oasis.opendocument.text", b"PK"),
    ("jpg", "image/jpeg", b"\xff\xd8"),
    ("jpeg", "image/jpeg", b"\xff\xd8"),
    ("png", "image/png", b"\x89PNG"),
];

fn size(bytes: usize) -> String {
    if bytes < 1 << 20 { format!("{} КБ", bytes.div_ceil(1024)) } else { format!("{:.1} МБ", bytes as f64 / f64::from(1 << 20)).replace('.', ",") }
}

/// The files that go along, and why others do not.
pub fn sorted(files: &[Attachment]) -> (Vec<Attachment>, Vec<String>) {
    let (mut along, mut refused, mut used) = (Vec::new(), Vec::new(), 0);
    for (i, file) in files.iter().enumerate().take(20) {
        let name = file.name.clone().unwrap_or_else(|| format!("файл-{}", i + 1));
        let ending = name.rsplit_once('.').map(|(_, e)| e.to_lowercase()).unwrap_or_default();
        // Programs on telephones send «application/octet-stream»: the ending counts, and the file must begin as such a file does.
        let kind = KINDS.iter().find(|(e, media, _)| *e == ending || ending.is_empty() && *media == file.media_type);
        match kind {
            None => refused.push(format!("Файл «{name}» не прикреплён: можно pdf, docx, xlsx, odt, jpg и png.")),
            Some((_, _, begins)) if !file.bytes.starts_with(begins) => {
                refused.push(format!("Файл «{name}» не прикреплён: внутри не то, что обещает название."));
            }
            Some(_) if used + file.bytes.len() > MOST_BYTES => {
                refused.push(format!(
                    "Файл «{name}» ({}) не прикреплён: вместе файлы больше 5 МБ. Положите его на сайт школы и дайте ссылку.",
                    size(file.bytes.len())
                ));
            }
            Some((_, media, _)) => {
                used += file.bytes.len();
                along.push(Attachment { name: Some(name), media_type: (*media).to_owned(), bytes: file.bytes.clone() });
            }
        }
    }
    if files.len() > 20 {
        refused.push("Файлов больше двадцати: остальные не прикреплены.".into());
    }
    (along, refused)
}
