//! Which words say that recommendations were spoken: then no letter goes out and nothing of them is kept.

use super::held::in_person;

#[test]
fn spoken_recommendations_are_told_from_written_ones() {
    for text in ["лично", "Лично.", "даны лично", "дала лично маме", "устно, на встрече", "лично при личной встрече", "лично.\nбыло тяжело", "устно! спасибо"]
    {
        assert!(in_person(text), "{text}");
    }
    for text in [
        "Лично рекомендую читать вслух",
        "читать вслух",
        "на встрече",
        "личный дневник",
        "",
        "обратиться лично к неврологу",
        "маме: говорить спокойно",
        "лично".repeat(9).as_str(),
    ] {
        assert!(!in_person(text), "{text}");
    }
}
