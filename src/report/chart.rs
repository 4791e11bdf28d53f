//! Figures as drawings: data in, SVG out. Made for a telephone first: little text, large, values on the bars, two colours that the colour-blind tell apart.
//!
//! Every chart has its words too ([`Chart::words`]): what the picture says to whoever does not see it. Not here: pixels (`picture`), which charts a
//! report has (`compose`).

use super::page::escaped;

/// Width of a drawing in its own units; height follows from what it shows.
const WIDTH: f64 = 360.0;
const INK: &str = "#1c2430";
const GREY: &str = "#4f5a68";
const PAPER: &str = "#ffffff";
/// Blue and orange: 6.4 and 4.0 to 1 on white.
const COLOURS: [&str; 2] = ["#1f5fa8", "#c96a00"];

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chart {
    /// Pairs of columns, a pair a day: received and closed.
    Pairs {
        /// What the two colours mean.
        series: [String; 2],
        /// Label and both values.
        columns: Vec<(String, [u32; 2])>,
    },
    /// Percents in time, a column each; nothing where there was nothing to measure.
    Percents {
        /// Label and percent.
        columns: Vec<(String, Option<u32>)>,
    },
    /// Lying bars in the order given, the longest fills the width.
    Ranks {
        /// Label and value.
        rows: Vec<(String, u32)>,
    },
    /// Marks on a scale of five, in tenths: 46 is 4,6.
    Marks {
        /// Label and mean in tenths.
        rows: Vec<(String, u32)>,
    },
}

impl Chart {
    /// The drawing.
    pub fn svg(&self) -> String {
        match self {
            Chart::Pairs { series, columns } => pairs(series, columns),
            Chart::Percents { columns } => percents(columns),
            Chart::Ranks { rows } => bars(rows, rows.iter().map(|r| r.1).max().unwrap_or(1), &|n| n.to_string()),
            Chart::Marks { rows } => bars(rows, 50, &tenths),
        }
    }

    /// The same in words, for the alternative text: «пн: получено 5, закрыто 3; …».
    pub fn words(&self) -> String {
        let told: Vec<String> = match self {
            Chart::Pairs { series, columns } => columns.iter().map(|(label, [a, b])| format!("{label}: {} {a}, {} {b}", series[0], series[1])).collect(),
            Chart::Percents { columns } => {
                columns.iter().map(|(label, p)| p.map_or_else(|| format!("{label}: сроков не было"), |p| format!("{label}: {p} %"))).collect()
            }
            Chart::Ranks { rows } => rows.iter().map(|(label, n)| format!("{label}: {n}")).collect(),
            Chart::Marks { rows } => rows.iter().map(|(label, n)| format!("{label}: {}", tenths(*n))).collect(),
        };
        told.join("; ")
    }
}

/// 46 as «4,6».
pub fn tenths(n: u32) -> String {
    format!("{},{}", n / 10, n % 10)
}

struct Svg(String);

impl Svg {
    fn of(height: f64) -> Svg {
        let mut svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"Noto Sans\" font-size=\"13\">");
        svg.push_str(&format!("<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"{PAPER}\"/>"));
        Svg(svg)
    }
    fn rect(&mut self, x: f64, y: f64, w: f64, h: f64, colour: &str) {
        self.0.push_str(&format!("<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" rx=\"2\" fill=\"{colour}\"/>"));
    }
    fn text(&mut self, x: f64, y: f64, anchor: &str, style: &str, words: &str) {
        self.0.push_str(&format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" {style}>{}</text>", escaped(words)));
    }
    fn line(&mut self, y: f64) {
        self.0.push_str(&format!("<line x1=\"8\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#c9d1da\" stroke-width=\"1\"/>", WIDTH - 8.0));
    }
    fn done(mut self) -> String {
        self.0.push_str("</svg>");
        self.0
    }
}

fn fill(colour: &str) -> String {
    format!("fill=\"{colour}\"")
}

fn bold(colour: &str) -> String {
    format!("fill=\"{colour}\" font-weight=\"bold\"")
}

/// Height of a column within `room`; what is not nothing is seen.
fn height(value: u32, most: u32, room: f64) -> f64 {
    if value == 0 { 0.0 } else { (f64::from(value) / f64::from(most.max(1)) * room).max(2.0) }
}

fn pairs(series: &[String; 2], columns: &[(String, [u32; 2])]) -> String {
    let (top, room, bottom) = (40.0, 120.0, 26.0);
    let mut svg = Svg::of(top + room + bottom);
    let mut x = 8.0;
    for (name, colour) in series.iter().zip(COLOURS) {
        svg.rect(x, 6.0, 12.0, 12.0, colour);
        svg.text(x + 18.0, 16.5, "start", &fill(INK), name);
        x += 34.0 + 8.0 * name.chars().count() as f64;
    }
    let most = columns.iter().flat_map(|c| c.1).max().unwrap_or(1);
    let step = (WIDTH - 16.0) / columns.len().max(1) as f64;
    let width = (step * 0.32).min(26.0);
    for (i, (label, values)) in columns.iter().enumerate() {
        let middle = 8.0 + step * (i as f64 + 0.5);
        for ((value, colour), left) in values.iter().zip(COLOURS).zip([middle - width - 1.0, middle + 1.0]) {
            let tall = height(*value, most, room - 16.0);
            svg.rect(left, top + room - tall, width, tall, colour);
            if *value > 0 {
                svg.text(left + width / 2.0, top + room - tall - 4.0, "middle", &format!("{} font-size=\"11\"", bold(colour)), &value.to_string());
            }
        }
        svg.text(middle, top + room + 17.0, "middle", &fill(GREY), label);
    }
    svg.line(top + room);
    svg.done()
}

fn percents(columns: &[(String, Option<u32>)]) -> String {
    let (top, room, bottom) = (10.0, 110.0, 26.0);
    let mut svg = Svg::of(top + room + bottom);
    let step = (WIDTH - 16.0) / columns.len().max(1) as f64;
    let width = (step * 0.55).min(44.0);
    let last = columns.len().saturating_sub(1);
    for (i, (label, percent)) in columns.iter().enumerate() {
        let middle = 8.0 + step * (i as f64 + 0.5);
        // The present week stands out; below nine of ten is what the head should see.
        let colour = match percent {
            Some(p) if *p < 90 => COLOURS[1],
            _ if i == last => COLOURS[0],
            _ => "#5f87b5",
        };
        match percent {
            Some(p) => {
                let tall = height(*p, 100, room - 18.0);
                svg.rect(middle - width / 2.0, top + room - tall, width, tall, colour);
                svg.text(middle, top + room - tall - 5.0, "middle", &bold(INK), &format!("{p} %"));
            }
            None => svg.text(middle, top + room - 6.0, "middle", &fill(GREY), "—"),
        }
        svg.text(middle, top + room + 17.0, "middle", &fill(GREY), label);
    }
    svg.line(top + room);
    svg.done()
}

fn bars(rows: &[(String, u32)], most: u32, shown: &dyn Fn(u32) -> String) -> String {
    let (label, each) = (148.0, 28.0);
    let mut svg = Svg::of(each * rows.len().max(1) as f64 + 8.0);
    let room = WIDTH - label - 48.0;
    for (i, (name, value)) in rows.iter().enumerate() {
        let y = 4.0 + each * i as f64;
        svg.text(8.0, y + 18.0, "start", &fill(INK), &short(name));
        let long = height(*value, most, room);
        svg.rect(label, y + 5.0, long, 18.0, COLOURS[0]);
        svg.text(label + long + 6.0, y + 18.5, "start", &bold(INK), &shown(*value));
    }
    svg.done()
}

/// What fits left of a bar.
fn short(name: &str) -> String {
    const FITS: usize = 17;
    if name.chars().count() <= FITS { name.to_owned() } else { format!("{}…", name.chars().take(FITS - 1).collect::<String>().trim_end()) }
}
