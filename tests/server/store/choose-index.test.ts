import { expect, test } from 'vitest'
import { chooseIndex, type Choice } from '../../../server/store/choose-index.ts'
import type { SubmissionFilter } from '../../../server/store/store.ts'

const owner = 'ada'
const group = 'class-1'
const slug = 'sum-api'

test.each<[string, SubmissionFilter, Choice | undefined]>([
  ['no filter', {}, { indexed: {}, checked: {} }],
  ['an owner before all else', { owner, group, slug, state: 'queued' }, { indexed: { owner }, checked: { group, slug, state: 'queued' } }],
  ['what is unfinished before its group', { state: 'running', group, slug }, { indexed: { state: 'running' }, checked: { group, slug } }],
  ['finished, which says little, alone', { state: 'finished' }, { indexed: { state: 'finished' }, checked: {} }],
  ['finished after any other', { state: 'finished', group }, { indexed: { group }, checked: { state: 'finished' } }],
  ['two by their own index', { group, outcome: 'accepted' }, { indexed: { group, outcome: 'accepted' }, checked: {} }],
  ['of three the outcome last', { group, slug, outcome: 'accepted' }, { indexed: { group, slug }, checked: { outcome: 'accepted' } }],
  ['an outcome says that it is finished', { state: 'finished', outcome: 'accepted' }, { indexed: { outcome: 'accepted' }, checked: {} }],
  ['cancelled is an outcome', { state: 'cancelled', slug }, { indexed: { slug, outcome: 'cancelled' }, checked: {} }],
  ['cancelled twice', { state: 'cancelled', outcome: 'cancelled' }, { indexed: { outcome: 'cancelled' }, checked: {} }],
  ['an owner’s cancelled ones', { owner, state: 'cancelled' }, { indexed: { owner }, checked: { outcome: 'cancelled' } }],
  ['cancelled, yet accepted', { state: 'cancelled', outcome: 'accepted' }, undefined],
  ['finished, yet cancelled', { state: 'finished', outcome: 'cancelled' }, undefined],
  ['waiting, yet accepted', { owner, state: 'queued', outcome: 'accepted' }, undefined],
])('%s', (_name, filter, choice) => expect(chooseIndex(filter)).toEqual(choice))
