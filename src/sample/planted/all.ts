// Every table of planted subjects, in the order in which they are written.
import { bjGaoling } from './bj-gaoling.ts';
import { bjKunnanYanglao } from './bj-kunnan-yanglao.ts';
import { cn60tuiyi2018 } from './cn-60tuiyi-2018.ts';
import { cnYuerButie } from './cn-yuer-butie.ts';
import { cnZxwTiexi2026 } from './cn-zxw-tiexi-2026.ts';
import { fjZengchan2026q1 } from './fj-zengchan-2026q1.ts';
import { gdXiaoshenggui2025 } from './gd-xiaoshenggui-2025.ts';
import { guzhenTefu2024 } from './guzhen-tefu-2024.ts';
import { hainanShangguimo2025 } from './hainan-shangguimo-2025.ts';
import { hejingShuiku2024 } from './hejing-shuiku-2024.ts';
import { huangshiKuogang } from './huangshi-kuogang.ts';
import { huhehaoteRugui } from './huhehaote-rugui.ts';
import { jieyangShiye } from './jieyang-shiye.ts';
import { jinjiangGuishang2025 } from './jinjiang-guishang-2025.ts';
import { lanzhouCanjiHuli } from './lanzhou-canji-huli.ts';
import { luquanGaoling } from './luquan-gaoling.ts';
import { putianCanji } from './putian-canji.ts';
import { pzhYuer2021 } from './pzh-yuer-2021.ts';
import { qzEtdzGaoqi2024 } from './qz-etdz-gaoqi-2024.ts';
import { sdWengang2025 } from './sd-wengang-2025.ts';
import { shCanjiHuli } from './sh-canji-huli.ts';
import { shLaonian } from './sh-laonian.ts';
import { shaanxiXuesheng2019 } from './shaanxi-xuesheng-2019.ts';
import { smxWengang2025 } from './smx-wengang-2025.ts';
import type { PlantedTable } from './table.ts';
import { tjChaobili } from './tj-chaobili.ts';
import { yichangShengyu } from './yichang-shengyu.ts';
import { ziboQ12022 } from './zibo-q1-2022.ts';
import { zsHuojuDengling2021 } from './zs-huoju-dengling-2021.ts';

export const plantedTables: readonly PlantedTable[] = [
  bjGaoling,
  bjKunnanYanglao,
  cn60tuiyi2018,
  cnYuerButie,
  cnZxwTiexi2026,
  fjZengchan2026q1,
  gdXiaoshenggui2025,
  guzhenTefu2024,
  hainanShangguimo2025,
  hejingShuiku2024,
  huangshiKuogang,
  huhehaoteRugui,
  jieyangShiye,
  jinjiangGuishang2025,
  lanzhouCanjiHuli,
  luquanGaoling,
  putianCanji,
  pzhYuer2021,
  qzEtdzGaoqi2024,
  sdWengang2025,
  shCanjiHuli,
  shLaonian,
  shaanxiXuesheng2019,
  smxWengang2025,
  tjChaobili,
  yichangShengyu,
  ziboQ12022,
  zsHuojuDengling2021,
];
