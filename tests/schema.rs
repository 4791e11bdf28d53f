//! The schema: a fresh file has exactly what `schema.sql` says, again when it is opened a second time.

#![expect(clippy::unwrap_used, reason = "a test without its database fails")]

fn shape(db: &rusqlite::Connection) -> Vec<(String, String)> {
    let mut found = db.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
    found.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect()
}

#[test]
fn an_opened_file_equals_the_schema() {
    let plain = rusqlite::Connection::open_in_memory().unwrap();
    plain.execute_batch(include_str!("../schema.sql")).unwrap();
    let wanted = shape(&plain);
    assert!(wanted.len() > 20, "schema.sql was read");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("otklik.db");
    for _ in 0..2 {
        drop(otklik::store::Store::open(&path).unwrap());
        assert_eq!(shape(&rusqlite::Connection::open(&path).unwrap()), wanted);
    }
}
