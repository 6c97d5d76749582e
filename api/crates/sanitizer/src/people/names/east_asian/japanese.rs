//! Japanese names: a frequent surname, and a given name of one to four characters after it.

use std::{collections::HashMap, sync::LazyLock};

use crate::scan::CharSet;

/// The frequent surnames.
const SURNAMES: &str = "佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡邉 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 斉藤 齋藤 齊藤 清水 山崎 森 池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 福田 太田 西村 藤井 金子 岡本 藤原 三浦 中野 中川 原田 松田 竹内 小野 田村 中山 和田 石田 森田 上田 原 内田 柴田 酒井 宮崎 横山 高木 安藤 宮本 大野 小島 谷口 今井 工藤 高田 増田 丸山 杉山 村田 大塚 新井 小山 平野 藤本 河野 上野 野口 武田 松井 千葉 菅原 岩崎 木下 久保 佐野 野村 松尾 市川 菊地 菊池 杉本 古川 大西 島田 水野 桜井 高野 渡部 吉川 山内 西田 飯田 西川 小松 北村 安田 五十嵐 川口 平田 関 中田 久保田 服部 東 岩田 土屋 川崎 福島 本田 辻 樋口 秋山 田口 永井 山中 中西 吉村 川上 石原 大橋 松岡 馬場 浜田 森本 星野 矢野 浅野 岡 大島 松下 吉岡 小池 野田 荒木 大谷 熊谷 松浦 内藤 黒田 尾崎 川村 永田 望月 松村 田辺 荒井 堀 平井 大久保 早川 本間 菅野 栗原 西 岩本 片山 富田 小西 石橋 三宅 白井 萩原 横田 成田 宮田 関口 高山 鎌田 小田 天野 上原 篠原 須藤 大石 川田 河合 小沢 松原 篠崎 桑原 福井 榎本 沢田 小森 片岡 古賀 堀内 神田 大川 青山 細川 戸田 滝沢 足立 坂井 石塚 西山 岸 川島 奥村 広瀬 根本 津田 中沢 田島 児玉 佐久間 村井 塚本 大森 米田 飯塚 秋元 宮下 大沢 三上 稲垣 牧野 相馬 関根 新田 大内 坂口 長田 今村 須田 竹田 黒木 川端 榊原 日高 甲斐 小倉 堤 溝口 金城 比嘉 宮城 島袋 玉城 知念 安達 小泉 植田 植木 柳沢 柏木 森下 森川 堀田 沼田 平山 平川 岡崎 岡村 岡部 岩井 岩瀬 梅田 梅原 川井 川合 川野 北川 窪田 倉田 黒川 神谷 小原 小林 近江 佐川 笹川 庄司 白石 杉浦 杉田 瀬戸 園田 高島 高松 滝口 武藤 竹中 谷川 千田 筒井 豊田 内山 永野 中井 中尾 中原 長尾 長野 西尾 西岡 西野 根岸 橋口 畑 畠山 浜崎 原口 日野 平松 深沢 福岡 福原 藤岡 藤川 藤沢 星 堀江 本多 前川 町田 松崎 松永 三木 三好 水谷 水口 南 宮川 宮原 村山 村松 門田 安井 柳田 矢島 山岸 山根 山村 横井 吉野 吉原 米山 若林 鷲尾 難波 松山 大山 大和田 桐生 城 神崎 一条 西園寺";
/// Forms of address, and the verb for being called so, that follow a surname or a full name.
pub(super) const FORMS: [&str; 15] = [
    "と申し",
    "さん",
    "様",
    "さま",
    "氏",
    "君",
    "くん",
    "ちゃん",
    "先生",
    "部長",
    "課長",
    "社長",
    "殿",
    "先輩",
    "主任",
];

/// The surnames by their first character.
static BY_FIRST: LazyLock<HashMap<char, Vec<&'static str>>> = LazyLock::new(|| {
    let mut by_first: HashMap<char, Vec<&'static str>> = HashMap::new();
    for surname in SURNAMES.split(' ') {
        by_first.entry(surname.chars().next().unwrap_or_default()).or_default().push(surname);
    }
    by_first
});

/// The first characters of the surnames.
static FIRSTS: LazyLock<CharSet> = LazyLock::new(|| CharSet::of(BY_FIRST.keys().copied()));

/// The length in bytes of the longest surname that `text` begins with.
pub(super) fn surname(text: &str) -> Option<usize> {
    let first = text.chars().next().filter(|first| FIRSTS.contains(*first))?;
    let surnames = BY_FIRST.get(&first)?;
    surnames.iter().filter(|surname| text.starts_with(**surname)).map(|surname| surname.len()).max()
}
