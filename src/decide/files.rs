//! The author's files on their way to staff: allowed types up to 5 MB in all, under neutral names; the rest is named only.

use crate::compose::Listed;
use crate::message::Attachment;

/// Bytes that go along in all.
const MOST: usize = 5 << 20;

/// Extension of an allowed type; anything that can carry code is not among them.
fn extension(media_type: &str) -> Option<&'static str> {
    Some(match media_type {
        "application/pdf" => "pdf",
        "image/jpeg" | "image/jpg" | "image/pjpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/heic" | "image/heif" => "heic",
        "text/plain" => "txt",
        "audio/mpeg" | "audio/mp4" | "audio/ogg" | "audio/aac" => "audio",
        "video/mp4" | "video/quicktime" => "video",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.oasis.opendocument.text" => "odt",
        "application/rtf" | "text/rtf" => "rtf",
        _ => return None,
    })
}

fn size(bytes: usize) -> String {
    if bytes < 1 << 20 { format!("{} КБ", bytes.div_ceil(1024)) } else { format!("{:.1} МБ", bytes as f64 / f64::from(1 << 20)).replace('.', ",") }
}

/// What goes along, and what the letter says of every file.
pub(super) fn pass(attachments: &[Attachment]) -> (Vec<Attachment>, Vec<Listed>) {
    let mut along = Vec::new();
    let mut listed = Vec::new();
    let mut used = 0;
    for (i, file) in attachments.iter().enumerate().take(50) {
        let extension = extension(&file.media_type);
        let included = extension.is_some() && used + file.bytes.len() <= MOST;
        let kind = extension.unwrap_or("файл");
        let name = extension.map_or_else(|| format!("вложение-{}", i + 1), |e| format!("вложение-{}.{e}", i + 1));
        listed.push(Listed { name: name.clone(), what: format!("{kind}, {}", size(file.bytes.len())), included });
        if included {
            used += file.bytes.len();
            along.push(Attachment { name: Some(name), media_type: file.media_type.clone(), bytes: file.bytes.clone() });
        }
    }
    (along, listed)
}
