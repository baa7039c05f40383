/** Made-up forms: what the server would describe, cut to what the screens must be able to draw. */

import type { Field, FieldType, Forms } from './engine.ts';

function field(name: string, label: string, type: FieldType, more: Partial<Field> = {}): Field {
  return { name, label, type, help: '', required: false, choices: [], longest: null, ...more };
}

const asked: Partial<Field> = { required: true };
const choices = (...pairs: [string, string][]): Partial<Field> => ({ choices: pairs });

const PERSON = [
  field('name', '姓名', 'text', { ...asked, longest: 60 }),
  field('gender', '性别', 'choice', choices(['', '未说明'], ['f', '女'], ['m', '男'])),
  field('born_on', '出生日期', 'date'),
  field('phone', '电话', 'phone', { sealed: true, longest: 30 }),
  field('stay', '居住', 'choice', choices(['', '未说明'], ['lives', '常住'], ['rents', '暂住'], ['away', '住在外地'])),
];

const DWELLING = [
  field('address', '街道与门牌', 'text', { ...asked, longest: 120 }),
  field('building', '楼栋', 'text', { longest: 20 }),
  field('unit', '单元', 'text', { longest: 20 }),
  field('room', '房号', 'text', { longest: 20 }),
  field('use', '用途', 'choice', choices(['', '未说明'], ['home', '自住'], ['let', '出租'], ['empty', '空置'], ['shop', '店铺或作坊'], ['other', '其他'])),
];

const ORGANISATION = [
  field('name', '名称', 'text', { ...asked, longest: 120 }),
  field('sort', '类型', 'choice', { ...asked, ...choices(['company', '企业'], ['shop', '店铺'], ['school', '学校'], ['other', '其他']) }),
  field('credit_code', '统一社会信用代码', 'text', { merge: 'guarded', longest: 30 }),
];

const SITUATION = [
  field('sort', '情况', 'choice', { ...asked, ...choices(['alone', '独居老人'], ['illness', '长期患病需要帮助'], ['danger', '尚存的危险'], ['other', '其他']) }),
  field('details', '需要什么', 'words', { sealed: true, merge: 'guarded', longest: 600 }),
  field('since', '开始', 'date', asked),
  field('until', '结束', 'date', { ...asked, merge: 'guarded' }),
];

const VISIT = [
  field('outcome', '结果', 'choice', { ...asked, ...choices(['done', '见到人'], ['absent', '不在家'], ['refused', '不愿接待']) }),
  field('talked_to', '与谁交谈', 'text', { longest: 60 }),
  field('all_well', '一切都好', 'yesno'),
  field('water_power_gas_safe', '水、电、气安全', 'yesno'),
  field('fire_safe', '消防安全', 'yesno'),
  field('needs', '需要帮助', 'choices', choices(['alone', '独居老人'], ['illness', '长期患病'], ['hardship', '生活困难'])),
  field('wish', '心愿', 'words', { longest: 600 }),
  field('photos', '照片', 'photos'),
  field('next_visit_on', '下次走访', 'date'),
];

const REPORT = [
  field('category', '事项类别', 'choice', { ...asked, ...choices(['road.pothole', '路面破损'], ['fire.passage', '堵塞消防通道'], ['safety.child', '儿童疑似受侵害']) }),
  field('text', '情况说明', 'words', { ...asked, longest: 2000 }),
  field('place', '地点', 'place'),
  field('address', '地址', 'text', { longest: 200 }),
  field('photos', '照片', 'photos'),
];

export const FORMS: Forms = {
  kinds: {
    person: { label: '人员', fields: PERSON },
    dwelling: { label: '住房', fields: DWELLING },
    organisation: { label: '组织', fields: ORGANISATION },
    situation: { label: '情况', fields: SITUATION },
  },
  ties: {
    lives_in: { label: '住在', back: '住有', subject: ['person'], object: ['dwelling'] },
    owns: { label: '拥有', back: '属于', subject: ['person', 'organisation'], object: ['dwelling'] },
    concerns: { label: '涉及', back: '有情况', subject: ['situation'], object: ['person', 'dwelling'] },
  },
  operations: { visit: { label: '走访', fields: VISIT } },
  services: {
    requests: {
      label: '诉求',
      open: { fields: REPORT },
      acts: {
        take: { label: '接手', from: ['dispatched'], to: 'handling', fields: [] },
        finish: {
          label: '办结', from: ['handling'], to: 'handled',
          fields: [field('text', '办理结果', 'words', asked), field('photos', '现场照片', 'photos', { required: true, needs_files: true })],
        },
      },
      states: { reported: '已上报', dispatched: '已派遣', handling: '办理中', handled: '已办结' },
    },
    errands: {
      label: '代办',
      open: { fields: [field('title', '代办什么', 'text', asked), field('text', '说明', 'words'), field('money_taken', '收取现金', 'money')] },
      acts: {
        pick: { label: '取得材料', from: ['agreed'], to: 'under_way', fields: [field('papers', '材料', 'words', asked)] },
        return: {
          label: '交回', from: ['under_way'], to: 'returned',
          fields: [field('money_returned', '退回现金', 'money'), field('signature', '居民签名', 'signature', { required: true, needs_files: true })],
        },
      },
      states: { agreed: '已约定', under_way: '办理中', returned: '已交回' },
    },
    mediation: {
      label: '矛盾纠纷',
      open: {
        fields: [
          field('place', '地点', 'place'),
          field('kind', '什么纠纷', 'choice', { ...asked, ...choices(['neighbour', '邻里纠纷'], ['family', '婚姻家庭纠纷'], ['other', '其他纠纷']) }),
          field('text', '发生了什么', 'words', asked),
          field('wish', '希望怎么解决', 'words', { later: true }),
          field('other_name', '对方姓名', 'text', { longest: 60 }),
          field('other_phone', '对方电话', 'phone', { longest: 30 }),
          field('address', '在哪里', 'text', { longest: 200 }),
        ],
      },
      acts: {},
      states: { found: '已登记线索' },
    },
  },
  purposes: { visit: '入户走访', errand: '代办', correction: '更正资料' },
  sources: { visit: '走访所见', told: '本人告知', paper: '证件或文件', office: '办公室' },
};
