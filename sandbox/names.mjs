// Words from which people, organisations and domains are made. All of it is invented.
export const surnames = [...'沈王林陈何赵周徐孙马朱胡郭罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任卢姚'];
export const given = ['知秋', '闻笛', '知远', '思源', '清和', '望舒', '子衿', '雨桐', '书言', '景行', '明德', '若谷', '怀瑾', '致远', '嘉树',
  '云帆', '静姝', '晓岚', '博文', '雅宁', '一诺', '俊杰', '建国', '秀英', '丽华', '志强', '海燕', '玉兰', '国栋', '晨曦', '梓涵', '文博', '岚', '磊', '敏', '涛'];

// Two halves of a made-up word: [characters, pinyin]. The pinyin makes the domain.
export const firstHalf = [['青禾', 'qinghe'], ['云岚', 'yunlan'], ['望湖', 'wanghu'], ['松溪', 'songxi'], ['听雨', 'tingyu'], ['山海', 'shanhai'], ['星河', 'xinghe'],
  ['南浦', 'nanpu'], ['北辰', 'beichen'], ['远舟', 'yuanzhou'], ['晴川', 'qingchuan'], ['白鹭', 'bailu'], ['梧桐', 'wutong'], ['石榴', 'shiliu'], ['长风', 'changfeng'], ['澄心', 'chengxin']];
export const secondHalf = [['知行', 'zhixing'], ['明远', 'mingyuan'], ['同心', 'tongxin'], ['拾光', 'shiguang'], ['安和', 'anhe'], ['嘉木', 'jiamu'], ['新叶', 'xinye'],
  ['广源', 'guangyuan'], ['承德', 'chengde'], ['初晓', 'chuxiao'], ['文澜', 'wenlan'], ['清源', 'qingyuan'], ['海棠', 'haitang'], ['正和', 'zhenghe'], ['思齐', 'siqi'], ['博雅', 'boya']];

// Sub-types of organisations: code, first two characters of the 信用代码, name, site, public suffix.
export const subtypes = {
  government: { title: '政府机构', sign: '政', department: '11', suffix: 'gov.cn', name: (place, word) => `${place.name}${word}街道办事处`, site: (word) => `${word}街道政务公开网` },
  institution: { title: '事业单位', sign: '事', department: '12', suffix: 'org.cn', name: (place, word) => `${place.name}${word}图书馆`, site: (word) => `${word}图书馆` },
  university: { title: '大中院校', sign: '校', department: '12', suffix: 'edu.cn', name: (place, word) => `${place.city}${word}职业技术学院`, site: (word) => `${word}职业技术学院` },
  enterprise: { title: '企业', sign: '企', department: '91', suffix: 'com.cn', name: (place, word) => `${place.city}${word}科技有限公司`, site: (word) => `${word}文旅服务平台` },
  'sole-trader': { title: '个体工商户', sign: '个', department: '92', suffix: 'cn', name: (place, word) => `${place.name}${word}书店`, site: (word) => `${word}书店` },
  'social-organisation': { title: '社会团体', sign: '社', department: '51', suffix: 'org.cn', name: (place, word) => `${place.name}${word}志愿者协会`, site: (word) => `${word}志愿者之家` },
  'private-non-enterprise': { title: '民办非企业', sign: '民', department: '52', suffix: 'org.cn', name: (place, word) => `${place.name}${word}养老服务中心`, site: (word) => `${word}养老服务中心` },
  foundation: { title: '基金会', sign: '基', department: '53', suffix: 'org.cn', name: (place, word) => `${place.city}${word}公益基金会`, site: (word) => `${word}公益基金会` },
  'law-firm': { title: '律师事务所', sign: '律', department: '31', suffix: 'com.cn', name: (place, word) => `${place.city}${word}律师事务所`, site: (word) => `${word}律师事务所` },
};

const regions = {
  110101: ['北京市东城区', '北京', '北京市公安局东城分局网络安全保卫大队'],
  110102: ['北京市西城区', '北京', '北京市公安局西城分局网络安全保卫大队'],
  110105: ['北京市朝阳区', '北京', '北京市公安局朝阳分局网络安全保卫大队'],
  110108: ['北京市海淀区', '北京', '北京市公安局海淀分局网络安全保卫大队'],
  310115: ['上海市浦东新区', '上海', '上海市公安局浦东分局网络安全保卫支队'],
  320106: ['南京市鼓楼区', '南京', '南京市公安局鼓楼分局网络安全保卫大队'],
  330106: ['杭州市西湖区', '杭州', '杭州市公安局西湖区分局网络安全保卫大队'],
  330110: ['杭州市余杭区', '杭州', '杭州市公安局余杭区分局网络安全保卫大队'],
  440106: ['广州市天河区', '广州', '广州市公安局天河区分局网络安全保卫大队'],
  440305: ['深圳市南山区', '深圳', '深圳市公安局南山分局网络安全保卫大队'],
  510104: ['成都市锦江区', '成都', '成都市公安局锦江区分局网络安全保卫大队'],
};

const provinces = { 11: '京北京', 12: '津天津', 13: '冀河北', 14: '晋山西', 15: '蒙内蒙古', 21: '辽辽宁', 22: '吉吉林', 23: '黑黑龙江', 31: '沪上海', 32: '苏江苏', 33: '浙浙江',
  34: '皖安徽', 35: '闽福建', 36: '赣江西', 37: '鲁山东', 41: '豫河南', 42: '鄂湖北', 43: '湘湖南', 44: '粤广东', 45: '桂广西', 46: '琼海南', 50: '渝重庆', 51: '川四川', 52: '贵贵州',
  53: '云云南', 54: '藏西藏', 61: '陕陕西', 62: '甘甘肃', 63: '青青海', 64: '宁宁夏', 65: '新新疆' };

// {code, name, city, short, unit} of a district; null for a code of no province.
export function place(code) {
  const province = provinces[code.slice(0, 2)];
  if (!/^\d{6}$/.test(code) || !province) return null;
  const [short, title] = [province[0], province.slice(1)];
  const [name, city, unit] = regions[code] || [title, title, `${title}${code}网络安全保卫大队`];
  return { code, name, city, short, unit };
}
