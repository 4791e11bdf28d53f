# A week of the demo school. Commands: src/jobs/story/mod.rs. Everybody is invented.
at 2026-11-16 07:00

# Monday
at 2026-11-16 08:12
letter parol.eml
at 2026-11-16 08:47
letter dnevnik.eml
at 2026-11-16 08:55
order 1 take
at 2026-11-16 09:00
letter dnevnik-povtor.eml
at 2026-11-16 09:05
order 2 take
at 2026-11-16 09:20
order 1 close --answer "Привязали к учётной записи новый номер и сбросили пароль: временный пришёл Вам в СМС. Кирилл уже может войти, урок истории в 10:00 не пропустит."
at 2026-11-16 09:31
letter plachet.eml
at 2026-11-16 10:05
letter daydzhest.eml
at 2026-11-16 10:10
calendar i.sokolova@school.example accepted as outlook
at 2026-11-16 10:40
letter forma-noutbuk.eml
at 2026-11-16 10:52
calendar n.vorontsova@gmail.example accepted as gmail
at 2026-11-16 10:55
order 4 take
at 2026-11-16 11:20
letter liniya-babushka.eml
at 2026-11-16 12:30
calendar o.vasileva@school.example accepted as thunderbird
at 2026-11-16 12:50
order 5 called
at 2026-11-16 13:15
letter klassnaya-peresylaet.eml
at 2026-11-16 14:30
letter angliyskiy.eml
at 2026-11-16 15:10
order 7 take
at 2026-11-16 15:40
order 4 close --answer "Ноутбук для Вашего сына есть. Приходите с паспортом в кабинет 210 в любой будний день с 9 до 17, договор оформим на месте за десять минут."
at 2026-11-16 16:20
reply a.kuzmina@mail.example to answer
Спасибо огромное! Всё заработало, на урок успели.
.
at 2026-11-16 16:35
order 2 close --answer "Отметки были выставлены, но не опубликованы. Мы попросили учителя их открыть: обновите страницу дневника."
at 2026-11-16 16:50
letter mnogodetnye.eml
at 2026-11-16 18:40
reply e.demina@mail.example to invitation
Да, подходит, спасибо.
.

# Tuesday
at 2026-11-17 07:55
letter bukva-r.eml
at 2026-11-17 08:35
calendar s.nikitina@school.example accepted as apple
at 2026-11-17 08:50
calendar o.vasileva@school.example accepted as outlook
at 2026-11-17 09:10
letter sochinenie.eml
at 2026-11-17 09:25
calendar p.zhdanova@icloud.example accepted as apple
at 2026-11-17 10:00
calendar d.kozlov@school.example declined as thunderbird
at 2026-11-17 10:30
letter mikrofon.eml
at 2026-11-17 11:15
calendar d.kozlov@school.example accepted as yandex
at 2026-11-17 12:02
letter spravka.eml
at 2026-11-17 12:10
order 7 extend 2026-11-20 --reason "нужно посетить урок и поговорить с учителем"
at 2026-11-17 12:15
order 12 take
at 2026-11-17 12:45
calendar lanskoy.v@yandex.example accepted as yandex
at 2026-11-17 13:40
letter forma-opechatka.eml
at 2026-11-17 13:41
bounce rustam.hasanov@yandx.example hard
at 2026-11-17 13:55
order 13 take
at 2026-11-17 14:30
reply g.safina@rambler.example to invitation
Ой, в это время не смогу, младшего не с кем оставить. Давайте в пятницу утром?
.
at 2026-11-17 15:05
order 13 close --reason "привязка исправлена, отцу позвонили"
at 2026-11-17 18:30
reply rizhova.o@yandex.example to answer
Не помогло: отметок до сих пор нет, хотя страницу обновляли и выходили. Посмотрите, пожалуйста, ещё раз!
.
at 2026-11-17 21:40
letter strashno.eml
at 2026-11-17 22:25
order 14 acknowledge
at 2026-11-17 22:40
order 14 note "Психолог говорит с мамой по телефону, ребёнок не один."

# Wednesday
at 2026-11-18 08:20
calendar i.sokolova@school.example accepted as outlook
at 2026-11-18 08:40
order 12 close --answer "Справка готова, её можно забрать у секретаря с 9 до 17. Если удобнее, пришлём скан: просто ответьте на это письмо."
at 2026-11-18 08:50
order 2 take
at 2026-11-18 09:05
letter fizkultura.eml
at 2026-11-18 09:15
order 3 close --reason "консультация проведена, договорились о второй встрече вместе с Соней"
at 2026-11-18 09:30
order 15 take
at 2026-11-18 10:15
letter ssorimsya.eml
at 2026-11-18 10:35
order 2 close --answer "Нашли причину: дочь была записана сразу в двух группах, и отметки уходили во вторую. Исправили, отметки за две недели теперь видны."
at 2026-11-18 10:50
order 6 close --reason "консультация проведена, план занятий до декабря отправлен"
at 2026-11-18 12:15
calendar i.sokolova@school.example accepted as outlook
at 2026-11-18 12:40
letter planshet.eml
at 2026-11-18 12:41
autoreply inna.maslova@yandex.example
at 2026-11-18 13:00
order 17 take
at 2026-11-18 14:20
letter liniya-rasskazyvaet.eml
at 2026-11-18 14:55
calendar d.kolesnikov@gmail.example declined as gmail
at 2026-11-18 15:20
order 18 assign head-2
at 2026-11-18 15:35
order 18 take
at 2026-11-18 17:05
letter opeka.eml

# Thursday
at 2026-11-19 08:20
letter sna-net.eml
at 2026-11-19 08:45
calendar s.nikitina@school.example accepted as apple
at 2026-11-19 08:55
order 15 close --answer "Мы поговорили с учителем и с классом. Учитель признал, что был неправ, и извинится перед Вашим сыном на следующем уроке; на уроке будет заместитель директора. Если что-то повторится, пишите мне лично."
at 2026-11-19 09:00
order 5 close --reason "консультация проведена, упражнения переданы бабушке"
at 2026-11-19 09:05
order 9 close --reason "консультация проведена, Артём записан в группу"
at 2026-11-19 09:10
absent ejournal-1 2026-11-19 2026-11-20
at 2026-11-19 10:00
calendar prohorova-l@mail.example tentative as thunderbird
at 2026-11-19 11:20
order 18 close --answer "С расписанием разобрались: уроки накладывались из-за общей ссылки на две параллели. Теперь у 7 «Б» своя ссылка, начало ровно по звонку."
at 2026-11-19 11:35
letter umnozhenie.eml
at 2026-11-19 12:05
order 17 extend 2026-11-25 --reason "ждём планшеты со склада"
at 2026-11-19 15:10
letter vesna.eml
at 2026-11-19 15:30
order 22 take
at 2026-11-19 15:40
calendar i.sokolova@school.example accepted as outlook
at 2026-11-19 16:30
order 22 close --answer "Доступ к файлу открыли, его видит теперь весь класс. Спасибо, что написали."

# Friday and the weekend
at 2026-11-20 09:10
order 10 close --reason "консультация проведена, разобрали структуру сочинения"
at 2026-11-20 09:20
order 16 close --reason "консультация проведена, отец придёт ещё раз вместе с сыном"
at 2026-11-20 09:40
reply m.ahmetov@outlook.example to any
Здравствуйте! Консультация больше не нужна: сестра-студентка объяснила, Тимур всё понял. Спасибо!
.
at 2026-11-20 10:20
order 7 close --answer "Заместитель директора побывала на двух уроках. Со следующей недели учитель разбирает вопросы в прямом эфире, а работы за ноябрь проверит до среды."
at 2026-11-20 10:30
order 11 close --answer "Микрофону мешала программа записи экрана: она занимала его при запуске. Отключили её вместе с Ильёй по телефону и проверили звук. Простите, что так долго."
at 2026-11-20 11:30
order 8 close --reason "консультация проведена, список документов передан"
at 2026-11-20 12:30
order 19 close --reason "консультация проведена"
at 2026-11-20 17:45
letter pyatnitsa-vecher.eml
at 2026-11-21 12:25
letter subbota-zvuk.eml

# The next Monday
at 2026-11-23 08:31
order 24 take
at 2026-11-23 08:40
order 24 close --answer "Учётную запись разблокировали: Никита ошибся с паролем больше пяти раз. На контрольную он попадёт."
at 2026-11-23 09:00
order 23 close --answer "Зимние каникулы с 31 декабря по 10 января, первый учебный день понедельник, 11 января. Хорошей поездки!"
until 2026-11-23 18:00
