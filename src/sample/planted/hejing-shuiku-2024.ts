// 和静水库移民直补: registered in 652827, on the approved list of resettled people, within 20 years of the day of designation, 600 yuan a year; who dies or
// goes to prison is taken off from the next 1 January. Decided for 2024, the item's last year.
import { held, type Spans, unknown } from '../subject.ts';
import { edge, no, open, type PlantedTable, yes } from './table.ts';

const listed: Spans = held(['2006-07-01', null, ['水库移民核定名册']]);

export const hejingShuiku2024: PlantedTable = {
  item: 'hejing-shuiku-2024',
  register: 'citizen',
  division: '652827100200',
  period: '2024',
  base: { birthDate: '1975-05-20', hukouRegion: '652827100200', hukouType: '农村', officialLists: listed, designatedDate: '2006-07-01' },
  cases: [
    yes('2006 年核定', {}, 600, 'the 18th year'),
    yes(
      '2015 年核定',
      { designatedDate: '2015-04-01', officialLists: held(['2015-04-01', null, ['水库移民核定名册']]) },
      600,
      'within 20 years',
    ),
    yes(
      '2023 年核定',
      { designatedDate: '2023-12-31', officialLists: held(['2023-12-31', null, ['水库移民核定名册']]) },
      600,
      'newly designated',
    ),
    yes('巴伦台镇', { hukouRegion: '652827101' }, 600, 'another town of the county', { division: '652827101' }),
    no('2000 年核定', { designatedDate: '2000-01-01' }, 'the 20 years ended before 2024'),
    no('不在名册', { officialLists: undefined }, 'not on the approved list'),
    no('名册 2022 年核减', { officialLists: held(['2006-07-01', '2023-01-01', ['水库移民核定名册']]) }, 'struck off before 2024'),
    no('外县户籍', { hukouRegion: '652829' }, 'registered in 博湖', { division: '652829' }),
    no(
      '2023 年迁出',
      { hukouRegion: held(['1975-05-20', '2023-05-01', '652827100200'], ['2023-05-01', null, '652801']) },
      'moved out before 2024',
    ),
    no('2023 年底去世', { deathDate: '2023-12-31' }, 'taken off from 1 January 2024', edge),
    yes('2024 年元旦去世', { deathDate: '2024-01-01' }, 600, 'taken off only from 1 January 2025', edge),
    yes('2024 年 9 月去世', { deathDate: '2024-09-17' }, 600, 'taken off only from 1 January 2025'),
    yes('2025 年去世', { deathDate: '2025-02-02' }, 600, 'alive all through 2024'),
    no('2023 年入狱未出', { custodyStatus: held(['2023-06-01', null, '服刑']) }, 'in prison on 1 January 2024'),
    yes(
      '2024 年 3 月再入狱',
      { custodyStatus: held(['2015-01-01', '2018-01-01', '服刑'], ['2024-03-01', null, '服刑']) },
      600,
      'out when the year began; taken off only from 1 January 2025',
      edge,
    ),
    yes('2023 年底出狱', { custodyStatus: held(['2021-01-01', '2023-12-30', '服刑']) }, 600, 'out before the year began'),
    yes('社区矫正', { custodyStatus: held(['2023-06-01', null, '社区矫正']) }, 600, 'not in prison'),
    yes('恰好 20 年', { designatedDate: '2004-12-31' }, 600, 'the 20 years end on the last day of 2024', edge),
    no('20 年已满一天', { designatedDate: '2004-12-30' }, 'the 20 years ended the day before', edge),
    open('户籍地缺失', { hukouRegion: unknown }, 'nobody can tell where the person is registered'),
    open('名册名称缺失', { officialLists: held(['2006-07-01', null, unknown]) }, 'the row does not say which list'),
    no('户籍缺失且不在名册', { hukouRegion: unknown, officialLists: undefined }, 'not on the list, wherever registered'),
  ],
};
