//! Chinese names: a surname of one character, or of two, and one or two characters after it.

use std::sync::LazyLock;

use crate::scan::CharSet;

/// The frequent surnames, in both ways of writing.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂苗谷盛曲翁冉骆蓝游辛靳柴蒙鲍华喻祁蒲房滕屈饶牟艾尤阳穆农司卓古吉缪简连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟臧闵苟邬边卞姬仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩佘池查麻苑迟邝張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧肖葉蔣蘇魏呂盧鍾譚陸賈韋鄒閻龍賀顧龔萬錢嚴湯溫齊喬龐顏莊聶魯關蘭寧紀畢單塗駱藍遊鮑華饒農繆簡連蘆麥婁竇宮費衛閔邊榮叢鞏遲鄺";
/// The frequent surnames of two characters.
const DOUBLE_SURNAMES: [&str; 24] = [
    "欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "夏侯", "皇甫", "尉迟", "公孙", "公孫", "慕容", "令狐",
    "宇文", "长孙", "东方", "東方", "独孤", "南宫", "司徒", "端木", "呼延", "张简",
];
/// Forms of address that follow a surname or a full name.
pub(super) const FORMS: [&str; 26] = [
    "先生", "女士", "小姐", "太太", "夫人", "经理", "經理", "老师", "老師", "主任", "医生", "醫生", "律师", "律師",
    "教授", "同学", "同學", "师傅", "師傅", "总监", "局长", "院长", "校长", "阿姨", "大夫", "會計",
];

/// Forms of address that belong to nothing else, so that any character may stand before the name.
pub(super) const CLEAR_FORMS: [&str; 5] = ["先生", "女士", "小姐", "太太", "夫人"];

/// The characters of [`SURNAMES`], and those that a double surname begins with.
static SINGLE_SURNAMES: LazyLock<CharSet> = LazyLock::new(|| CharSet::of(SURNAMES.chars()));
static FIRSTS_OF_DOUBLE: LazyLock<CharSet> =
    LazyLock::new(|| CharSet::of(DOUBLE_SURNAMES.iter().filter_map(|double| double.chars().next())));

/// The length in bytes of the surname that `text` begins with.
pub(super) fn surname(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    let doubles = if FIRSTS_OF_DOUBLE.contains(first) { &DOUBLE_SURNAMES[..] } else { &[] };
    let double = doubles.iter().find(|double| text.starts_with(**double)).map(|double| double.len());
    double.or_else(|| SINGLE_SURNAMES.contains(first).then_some(first.len_utf8()))
}
