// Every table of planted subjects, in the order in which they are written.
import { bjGaoling } from './bj-gaoling.ts';
import { bjKunnanYanglao } from './bj-kunnan-yanglao.ts';
import { cn60tuiyi2018 } from './cn-60tuiyi-2018.ts';
import { cnJineng2024 } from './cn-jineng-2024.ts';
import { cnYuerButie } from './cn-yuer-butie.ts';
import { cnZxwTiexi2026 } from './cn-zxw-tiexi-2026.ts';
import { cqJiangfu } from './cq-jiangfu.ts';
import { dalianJineng2023 } from './dalian-jineng-2023.ts';
import { fjGuer2025 } from './fj-guer-2025.ts';
import { fjZengchan2024q1 } from './fj-zengchan-2024q1.ts';
import { fjZengchan2026q1 } from './fj-zengchan-2026q1.ts';
import { ganzhouLinghuo } from './ganzhou-linghuo.ts';
import { gaomingSanpin } from './gaoming-sanpin.ts';
import { gdXiaoshenggui2025 } from './gd-xiaoshenggui-2025.ts';
import { guilinLiugong2022 } from './guilin-liugong-2022.ts';
import { guizhouLiugong2022 } from './guizhou-liugong-2022.ts';
import { guzhenTefu2024 } from './guzhen-tefu-2024.ts';
import { gzZujin } from './gz-zujin.ts';
import { hainanShangguimo2025 } from './hainan-shangguimo-2025.ts';
import { hejingShuiku2024 } from './hejing-shuiku-2024.ts';
import { huangpuDengling } from './huangpu-dengling.ts';
import { huangshiKuogang } from './huangshi-kuogang.ts';
import { huhehaoteRugui } from './huhehaote-rugui.ts';
import { hunanNongji2021 } from './hunan-nongji-2021.ts';
import { jieyangShiye } from './jieyang-shiye.ts';
import { jinanChaobili } from './jinan-chaobili.ts';
import { jinjiangGuishang2025 } from './jinjiang-guishang-2025.ts';
import { jinjiangZhanxin2025 } from './jinjiang-zhanxin-2025.ts';
import { lanzhouCanjiHuli } from './lanzhou-canji-huli.ts';
import { luquanGaoling } from './luquan-gaoling.ts';
import { masGuer2023 } from './mas-guer-2023.ts';
import { mianyangZhongliang } from './mianyang-zhongliang.ts';
import { nmgLvxingshe2024 } from './nmg-lvxingshe-2024.ts';
import { putianCanji } from './putian-canji.ts';
import { pzhYuer2021 } from './pzh-yuer-2021.ts';
import { qingyangWenlv } from './qingyang-wenlv.ts';
import { qzEtdzGaoqi2024 } from './qz-etdz-gaoqi-2024.ts';
import { sdWengang2025 } from './sd-wengang-2025.ts';
import { shCanjiHuli } from './sh-canji-huli.ts';
import { shLaonian } from './sh-laonian.ts';
import { shaanxiXuesheng2019 } from './shaanxi-xuesheng-2019.ts';
import { shangyuYongdian2024q1 } from './shangyu-yongdian-2024q1.ts';
import { smxWengang2025 } from './smx-wengang-2025.ts';
import { suqianYiliao } from './suqian-yiliao.ts';
import { szShoudai2022 } from './sz-shoudai-2022.ts';
import type { PlantedTable } from './table.ts';
import { tjChaobili } from './tj-chaobili.ts';
import { tongliaoBinzang } from './tongliao-binzang.ts';
import { wudiWaimao } from './wudi-waimao.ts';
import { wudingDaxian2023 } from './wuding-daxian-2023.ts';
import { xinxiangJianxi } from './xinxiang-jianxi.ts';
import { xipingGengdi2024 } from './xiping-gengdi-2024.ts';
import { xuanzhouZhuanli } from './xuanzhou-zhuanli.ts';
import { yichangShengyu } from './yichang-shengyu.ts';
import { yishuiJigai2022 } from './yishui-jigai-2022.ts';
import { zhengzhouYanfa2019 } from './zhengzhou-yanfa-2019.ts';
import { ziboQ12022 } from './zibo-q1-2022.ts';
import { zjBiyeJiuye } from './zj-biye-jiuye.ts';
import { zsHuojuDengling2021 } from './zs-huoju-dengling-2021.ts';

export const plantedTables: readonly PlantedTable[] = [
  bjGaoling,
  bjKunnanYanglao,
  cn60tuiyi2018,
  cnJineng2024,
  cnYuerButie,
  cnZxwTiexi2026,
  cqJiangfu,
  dalianJineng2023,
  fjGuer2025,
  fjZengchan2024q1,
  fjZengchan2026q1,
  ganzhouLinghuo,
  gaomingSanpin,
  gdXiaoshenggui2025,
  guilinLiugong2022,
  guizhouLiugong2022,
  guzhenTefu2024,
  gzZujin,
  hainanShangguimo2025,
  hejingShuiku2024,
  huangpuDengling,
  huangshiKuogang,
  huhehaoteRugui,
  hunanNongji2021,
  jieyangShiye,
  jinanChaobili,
  jinjiangGuishang2025,
  jinjiangZhanxin2025,
  lanzhouCanjiHuli,
  luquanGaoling,
  masGuer2023,
  mianyangZhongliang,
  nmgLvxingshe2024,
  putianCanji,
  pzhYuer2021,
  qingyangWenlv,
  qzEtdzGaoqi2024,
  sdWengang2025,
  shCanjiHuli,
  shLaonian,
  shaanxiXuesheng2019,
  shangyuYongdian2024q1,
  smxWengang2025,
  suqianYiliao,
  szShoudai2022,
  tjChaobili,
  tongliaoBinzang,
  wudiWaimao,
  wudingDaxian2023,
  xinxiangJianxi,
  xipingGengdi2024,
  xuanzhouZhuanli,
  yichangShengyu,
  yishuiJigai2022,
  zhengzhouYanfa2019,
  ziboQ12022,
  zjBiyeJiuye,
  zsHuojuDengling2021,
];
