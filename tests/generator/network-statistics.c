/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "network-statistics.h"

/* Bytes of output that a service makes one transfer of. */
#define TRANSFER_OUTPUT_LEN 16

void
network_statistics_roll_epoch(Network *self)
{
  for (guint i = 0; i < self->config.validators; i++)
    {
      Validator *validator = &self->validators[i];

      memcpy(validator->last, validator->current, sizeof(validator->last));
      memset(validator->current, 0, sizeof(validator->current));
    }
}

static void
_clear_block_counters(Network *self)
{
  for (guint i = 0; i < self->config.cores; i++)
    memset(self->cores[i].counters, 0, sizeof(self->cores[i].counters));

  for (guint i = 0; i < self->config.services; i++)
    {
      self->services[i].active = FALSE;
      memset(self->services[i].counters, 0, sizeof(self->services[i].counters));
    }
}

static void
_count_author(Network *self)
{
  const Block *block = &self->block;
  guint32 *counters = self->validators[block->header.author_index].current;

  counters[VALIDATOR_BLOCKS]++;
  counters[VALIDATOR_TICKETS] += block->tickets->len;
  if (block->preimage)
    {
      counters[VALIDATOR_PREIMAGES]++;
      counters[VALIDATOR_PREIMAGES_SIZE] += block->preimage->blob_len;
    }
}

static void
_count_assurances(Network *self)
{
  const GArray *assurances = self->block.assurances;

  for (guint i = 0; i < assurances->len; i++)
    {
      guint index = g_array_index(assurances, Assurance, i).validator_index;
      self->validators[index].current[VALIDATOR_ASSURANCES]++;
    }
}

static void
_count_preimage(Network *self)
{
  const Preimage *preimage = self->block.preimage;

  for (guint i = 0; preimage && i < self->config.services; i++)
    {
      Service *service = &self->services[i];

      if (service->id != preimage->requester)
        continue;

      service->active = TRUE;
      service->counters[SERVICE_PROVIDED_COUNT]++;
      service->counters[SERVICE_PROVIDED_SIZE] += preimage->blob_len;
      return;
    }
}

static void
_count_core_load(Core *core, const guint64 *load)
{
  core->counters[CORE_IMPORTS] += load[LOAD_IMPORTS];
  core->counters[CORE_EXPORTS] += load[LOAD_EXPORTS];
  core->counters[CORE_EXTRINSIC_SIZE] += load[LOAD_EXTRINSIC_SIZE];
  core->counters[CORE_EXTRINSIC_COUNT] += load[LOAD_EXTRINSIC_COUNT];
  core->counters[CORE_GAS_USED] += load[LOAD_GAS_USED];
}

static void
_count_service_result(Service *service, const WorkResult *result, guint32 slot)
{
  const guint64 *load = result->load;

  service->active = TRUE;
  service->last_accumulation_slot = slot;
  service->counters[SERVICE_REFINEMENT_COUNT]++;
  service->counters[SERVICE_REFINEMENT_GAS_USED] += load[LOAD_GAS_USED];
  service->counters[SERVICE_IMPORTS] += load[LOAD_IMPORTS];
  service->counters[SERVICE_EXPORTS] += load[LOAD_EXPORTS];
  service->counters[SERVICE_EXTRINSIC_SIZE] += load[LOAD_EXTRINSIC_SIZE];
  service->counters[SERVICE_EXTRINSIC_COUNT] += load[LOAD_EXTRINSIC_COUNT];
  service->counters[SERVICE_ACCUMULATE_COUNT]++;
  service->counters[SERVICE_ACCUMULATE_TRANSFER_COUNT] += result->output_len / TRANSFER_OUTPUT_LEN;
  service->counters[SERVICE_ACCUMULATE_GAS_USED] += result->accumulate_gas;
}

static void
_count_guarantee(Network *self, const WorkReport *report)
{
  Core *core = &self->cores[report->core];

  core->counters[CORE_DA_LOAD] += report->bundle_len + report->exports_count * SEGMENT_LEN;
  core->counters[CORE_POPULARITY] += self->block.assurances->len;
  core->counters[CORE_BUNDLE_SIZE] += report->bundle_len;

  for (guint i = 0; i < report->n_results; i++)
    {
      const WorkResult *result = &report->results[i];

      _count_core_load(core, result->load);
      _count_service_result(&self->services[result->service_index], result, self->slot);
    }

  for (guint i = 0; i < report->n_signatures; i++)
    self->validators[report->signatures[i].validator_index].current[VALIDATOR_GUARANTEES]++;
}

void
network_statistics_count_block(Network *self)
{
  const GArray *guarantees = self->block.guarantees;

  _clear_block_counters(self);
  _count_author(self);
  _count_assurances(self);
  _count_preimage(self);
  for (guint i = 0; i < guarantees->len; i++)
    _count_guarantee(self, &g_array_index(guarantees, WorkReport, i));
}
