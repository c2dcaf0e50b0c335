// Made-up names of people, firms, roads and villages. Nobody here exists; surnames follow their real frequency a little.
import type { Chance } from './chance.ts';

const surnames = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤',
];
const femaleGiven = [...'秀英丽娟敏静芳艳玲桂兰凤霞红梅雪琴云莲珍洁婷玉萍素春花彩香惠巧美月娥瑞荣爱菊仙欣怡妍诗涵梓萱雨桐若溪可馨'];
const maleGiven = [...'伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢志国建文德福贵成永光海峰山松柏子轩宇浩然博睿思远'];

export type Gender = '男' | '女';

export const personName = (chance: Chance, gender: Gender, surname?: string): string => {
  const given = gender === '女' ? femaleGiven : maleGiven;
  const family = surname ?? chance.pick(surnames);
  return family + chance.pick(given) + (chance.hit(780) ? chance.pick(given) : '');
};

export const surnameOf = (chance: Chance): string => chance.pick(surnames);

const brandFirst = [...'澜骏穗朗岑棠翊霖曜沐砺珩泓翌昶钰铄屿榆楷'];
const brandSecond = [...'桥石渡谷原岭汀舟岳野泽晟启诚禾汇拓景辰茂'];
const trades: Readonly<Record<string, readonly string[]>> = {
  制造: ['机械', '精密', '电子', '纺织', '包装', '新材料', '电机', '阀门', '塑胶', '食品'],
  商贸: ['商贸', '贸易', '供应链', '百货', '酒店管理', '餐饮管理'],
  服务: ['信息技术', '物业服务', '物流', '检测', '设计', '旅行社', '人力资源'],
  农业: ['农业', '种植', '养殖', '生态农业'],
};

export type Trade = '制造' | '商贸' | '服务' | '农业';

export const firmName = (chance: Chance, place: string, trade: Trade): string => {
  const brand = chance.pick(brandFirst) + chance.pick(brandSecond);
  const ending = chance.hit(60) ? '股份有限公司' : '有限公司';
  return `${place}${brand}${chance.pick(trades[trade] as readonly string[])}${ending}`;
};

export const bankNames = ['直享样例银行', '样例农村商业银行', '样例城市商业银行', '样例储蓄银行'] as const;
