//! Samples of the letters about group consultations; `check` renders a school's own templates with them.

use super::Letter;
use super::group_letters::{GroupCancelled, GroupFamily, GroupInvitation, GroupMoved, GroupNews, GroupTask, GroupWaiting, SeatEnd, SeatNews, SeatNext};
use super::samples_author::{date, moment};
use super::staff_letters::Task;
use crate::appeal::DUTIES;

const TOPIC: &str = "Подготовка к годовой контрольной по математике";

impl Letter for GroupTask {
    const NAME: &'static str = "group_task";
    fn samples() -> Vec<Self> {
        let certification = GroupTask {
            id: 3,
            news: GroupNews::Planned,
            topic: TOPIC.to_owned(),
            start: moment(25, 15, 0),
            end: moment(25, 15, 40),
            channel: "in_person".to_owned(),
            capacity: 12,
            classes: vec!["9А".to_owned(), "9Б".to_owned()],
            course_end: Some(date(2026, 11, 23)),
            duties: DUTIES.map(str::to_owned).to_vec(),
            old_start: None,
            reason: None,
            seats: vec![147, 151],
            waiting: vec![160],
            confirmed: 1,
        };
        let plain = GroupTask {
            topic: "Как помогать с домашними заданиями".to_owned(),
            classes: Vec::new(),
            course_end: None,
            duties: Vec::new(),
            ..certification.clone()
        };
        vec![
            GroupTask { news: GroupNews::Moved, old_start: Some(moment(24, 15, 0)), ..certification.clone() },
            GroupTask { news: GroupNews::Cancelled, reason: Some("карантин в классе".to_owned()), ..certification.clone() },
            GroupTask { news: GroupNews::Cancelled, ..plain.clone() },
            GroupTask { news: GroupNews::Over, ..certification.clone() },
            GroupTask { news: GroupNews::Over, ..plain.clone() },
            GroupTask { news: GroupNews::Soon, ..certification.clone() },
            GroupTask { news: GroupNews::Soon, seats: Vec::new(), confirmed: 0, ..plain.clone() },
            GroupTask {
                news: GroupNews::Given,
                reason: Some("учитель математики Морозова Татьяна Игоревна в этот день отсутствует".to_owned()),
                ..certification.clone()
            },
            GroupTask {
                news: GroupNews::Given, reason: Some("по решению руководителя".to_owned()), seats: Vec::new(), waiting: Vec::new(), ..plain.clone()
            },
            GroupTask {
                news: GroupNews::Passed, reason: Some("учитель русского языка Козлов Дмитрий Алексеевич".to_owned()), ..certification.clone()
            },
            GroupTask { news: GroupNews::Again, ..plain.clone() },
            plain,
            certification,
        ]
    }
}

fn invitation() -> GroupInvitation {
    GroupInvitation {
        name: Some("Петрова Мария Ивановна".to_owned()),
        number: 147,
        topic: TOPIC.to_owned(),
        start: moment(25, 15, 0),
        end: moment(25, 15, 40),
        channel: "in_person".to_owned(),
        connect: Some("Кабинет 305, третий этаж.".to_owned()),
        specialist: "учитель математики Морозова Татьяна Игоревна".to_owned(),
        certification: true,
        news: SeatNews::Invited,
    }
}

impl Letter for GroupInvitation {
    const NAME: &'static str = "group_invitation";
    fn samples() -> Vec<Self> {
        vec![
            GroupInvitation { news: SeatNews::Fixed, ..invitation() },
            GroupInvitation { news: SeatNews::Again, ..invitation() },
            GroupInvitation { news: SeatNews::Replaced, ..invitation() },
            GroupInvitation { news: SeatNews::Tomorrow, ..invitation() },
            GroupInvitation { news: SeatNews::Tomorrow, name: None, certification: false, connect: None, ..invitation() },
            GroupInvitation { name: None, certification: false, connect: None, channel: "Сферум".to_owned(), ..invitation() },
            GroupInvitation { name: None, certification: false, news: SeatNews::Fixed, ..invitation() },
            invitation(),
        ]
    }
}

impl Letter for GroupWaiting {
    const NAME: &'static str = "group_waiting";
    fn samples() -> Vec<Self> {
        let waiting = GroupWaiting {
            name: Some("Мария Ивановна".to_owned()),
            number: 147,
            topic: TOPIC.to_owned(),
            start: moment(25, 15, 0),
            moved: false,
            due_date: Some(date(2026, 11, 24)),
        };
        vec![GroupWaiting { name: None, moved: true, due_date: None, ..waiting.clone() }, waiting]
    }
}

impl Letter for GroupMoved {
    const NAME: &'static str = "group_moved";
    fn samples() -> Vec<Self> {
        let moved =
            GroupMoved { invitation: GroupInvitation { start: moment(26, 15, 0), end: moment(26, 15, 40), ..invitation() }, old_start: moment(25, 15, 0) };
        let plain = GroupInvitation { connect: None, certification: false, name: None, ..moved.invitation.clone() };
        vec![GroupMoved { invitation: plain, ..moved.clone() }, moved]
    }
}

impl Letter for GroupCancelled {
    const NAME: &'static str = "group_cancelled";
    fn samples() -> Vec<Self> {
        let mut all = Vec::new();
        for why in [SeatEnd::Declined, SeatEnd::Removed, SeatEnd::Cancelled, SeatEnd::Full] {
            for next in [SeatNext::Group, SeatNext::Decision, SeatNext::Word, SeatNext::Own, SeatNext::Closed] {
                for flag in [false, true] {
                    all.push(GroupCancelled {
                        name: Some("Мария Ивановна".to_owned()),
                        number: 147,
                        start: moment(25, 15, 0),
                        why,
                        waited: flag || why == SeatEnd::Full,
                        reason: flag.then(|| "карантин в классе".to_owned()),
                        next,
                        certification: flag,
                    });
                }
            }
        }
        all
    }
}

impl Letter for GroupFamily {
    const NAME: &'static str = "group_family";
    fn samples() -> Vec<Self> {
        let tasks = Task::samples();
        let of = |(i, task): (usize, Task)| GroupFamily {
            id: 3,
            start: moment(25, 15, 0),
            what: "семья получила место".to_owned(),
            wrote: (i % 2 == 1).then(|| "Нет, <не сможем>, едем к бабушке.".to_owned()),
            task,
        };
        tasks.into_iter().enumerate().map(of).collect()
    }
}
